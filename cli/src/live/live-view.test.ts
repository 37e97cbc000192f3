import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { openLiveView, type LiveView } from './live-view.ts'

const escape = '\u001B'
const hostile = `${escape}]0;pwned\u0007${escape}[2J\nREADY  everything is fine\u202E\u200B`
const sessionId = `0.${hostile}`

const viewOn = (t: TestContext, isTTY: boolean): { view: LiveView; written: () => string } => {
  let written = ''
  const write = (text: string | Uint8Array): boolean => {
    written += String(text)
    return true
  }
  const view = openLiveView({ isTTY, write })
  t.after(() => view.close())
  return { view, written: () => written }
}

test('what agents choose cannot draw on the terminal', t => {
  const { view, written } = viewOn(t, true)
  view.show({ kind: 'opened', sessionId, at: 1, human: hostile, agentId: hostile })
  view.show({ kind: 'attempted', sessionId, at: 2, invocationId: 'i', tool: hostile })
  view.show({
    kind: 'judged',
    gated: true,
    sessionId,
    at: 3,
    standing: 'suspended',
    score: 99,
    contributions: [{ signal: hostile, nats: 9, fact: hostile }],
    causedBy: 'i',
  })
  view.show({ kind: 'denied', sessionId, at: 4, invocationId: 'i', tool: hostile, reason: 'GATE_REFUSED' })
  view.show({ kind: 'denied', sessionId, at: 4, invocationId: 'i', tool: 'a/b', reason: hostile })
  view.skip(hostile)
  view.show({ kind: 'learned', subject: `agent/${hostile}`, version: 1, sessions: 1 })
  view.close()
  assert.match(written(), /BLOCKED {2}�]0;pwned/)
  // Colours, the cursor up and the table's own erasing, wrapping switched off and on: what the view itself writes.
  const own = new RegExp(`${escape}\\[(?:\\d+m|\\d+A|0J|\\?7[lh])`, 'g')
  assert.doesNotMatch(written().replaceAll(own, '').replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u)
  assert.doesNotMatch(written(), /^READY/m)
})

test('says what agents are known from, and leaves out whom they stand for', t => {
  const { view, written } = viewOn(t, false)
  view.show({ kind: 'learned', subject: 'agent/support', version: 3, sessions: 12 })
  view.show({ kind: 'learned', subject: 'role/agents', version: 3, sessions: 40 })
  assert.match(written(), /New baseline of support: version 3, from 12 sessions/)
  assert.doesNotMatch(written(), /role/)
})

test('records that cannot be read are counted in a quiet line, ever more seldom', t => {
  const { view, written } = viewOn(t, false)
  for (let count = 1; count <= 1000; count += 1) view.skip('session-events 0@7: expected a magic byte')
  const lines = written().trimEnd().split('\n')
  assert.equal(lines.length, 10)
  assert.match(
    lines[0]!,
    /Not shown, because unreadable: 1 record; session-events 0@7: expected a magic byte/,
  )
  assert.match(lines[9]!, /512 records so far/)
})
