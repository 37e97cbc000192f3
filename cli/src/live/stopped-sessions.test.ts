import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { stripVTControlCharacters } from 'node:util'

import { viewOn } from './live-view-fixture.ts'
import type { RevocationFact } from './revocation-fact.ts'

const sessionId = '0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'
const opened = {
  kind: 'opened',
  sessionId,
  at: 1,
  human: 'alice',
  agentId: 'writer',
  platform: 'desk',
  parentSessionId: null,
} as const
const refused = {
  kind: 'denied',
  sessionId,
  at: 2,
  invocationId: 'i',
  tool: 'db/drop',
  reason: 'REVOKED',
} as const
const stop = (scope: string, change: Partial<RevocationFact> = {}): RevocationFact => ({
  kind: 'revocation',
  isNew: true,
  scope,
  active: true,
  version: 1,
  issuedAt: Date.UTC(2026, 10, 30, 12),
  by: 'operator',
  reason: 'under investigation',
  ...change,
})
const since = 'since 2026-11-30T12:00:00Z by operator: under investigation'

const plainViewOn = (t: TestContext, isTTY: boolean): ReturnType<typeof viewOn> => {
  const { view, written } = viewOn(t, isTTY)
  return { view, written: () => stripVTControlCharacters(written()) }
}

for (const scope of [
  'agent:writer',
  'human:alice',
  'platform:desk',
  'tool:db/drop',
  'tool:db/*',
  `session:${sessionId}`,
  'everything:*',
]) {
  test(`a call that ${scope} stops says so, with the reason, whichever is read first`, t => {
    for (const order of ['stop first', 'refusal first']) {
      const { view, written } = plainViewOn(t, false)
      view.show(opened)
      view.show(stop('agent:somebody-else', { isNew: false }))
      if (order === 'stop first') view.show(stop(scope))
      view.show(refused)
      assert.equal(written().includes('BLOCKED'), order === 'stop first')
      if (order !== 'stop first') view.show(stop(scope))
      const lines = written().trim().split('\n')
      assert.equal(lines[0], `STOPPED  ${scope} ${since}`)
      assert.match(lines[2]!, /^BLOCKED {2}db\/drop: an operator has stopped .*\(REVOKED\)$/)
      assert.deepEqual(lines.slice(3), [
        `  session ${sessionId} of writer for alice`,
        `  stopped by ${scope} ${since}`,
      ])
    }
  })
}

test('a refusal by what the log of a session does not tell says where to look', t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { view, written } = plainViewOn(t, false)
  view.show(opened)
  view.show(stop('grant:g', { isNew: false }))
  view.show(refused)
  assert.equal(written(), '')
  t.mock.timers.tick(2000)
  assert.match(written(), /stopped by a scope that the log of a session does not tell, as a grant/)
  assert.doesNotMatch(written(), /a decision that this view has not seen/)
})

test('what may go on is told, and stops nobody any more; what was stopped long ago is told of those it stops', t => {
  const { view, written } = plainViewOn(t, true)
  view.show(opened)
  view.show(stop('agent:writer', { isNew: false }))
  assert.doesNotMatch(written(), /STOPPED {2}agent/)
  view.show(stop('agent:writer', { version: 2, active: false, reason: 'lifted' }))
  assert.match(written(), /LIFTED {2}agent:writer may go on, by operator/)
  const table = written().split('LIFTED')[1]!
  assert.match(table, /0192f3a0/)
  assert.doesNotMatch(table, /stopped/i)
})

test('the table names beside a session what stops it, first of all, and below in full', t => {
  const { view, written } = plainViewOn(t, true)
  view.show(opened)
  for (let other = 0; other < 12; other += 1)
    view.show({ ...opened, sessionId: `1.${other}`, agentId: 'reader', human: 'bob' })
  view.show(stop('agent:writer', { isNew: false }))
  view.show(stop(`session:${sessionId}`, { isNew: false, reason: 'odd' }))
  view.close()
  const lines = written().split('\n')
  assert.match(lines[1]!, /REFUSED +STOPPED BY +AGENT/)
  assert.match(
    lines[2]!,
    new RegExp(`^${sessionId} +unknown .* 0 +agent:writer and its own id +writer +alice`),
  )
  assert.match(lines[3]!, /^1\.11 .* 0 +reader +bob/)
  assert.deepEqual(lines.slice(14, 17), [
    '… 1 more',
    `stopped: agent:writer ${since}`,
    `stopped: session:${sessionId} since 2026-11-30T12:00:00Z by operator: odd`,
  ])
})

test('lines about what is stopped are few, and cannot draw on the terminal', t => {
  const { view, written } = plainViewOn(t, true)
  const hostile = 'x\u001B[2J\nREADY\u202E'
  for (let agent = 0; agent < 6; agent += 1) {
    const scope = `agent:a${agent}`
    view.show({ ...opened, sessionId: `1.${agent}`, agentId: `a${agent}` })
    view.show(stop(scope, { reason: hostile, by: hostile, isNew: agent === 5 }))
  }
  view.show({ ...refused, sessionId: '1.5' })
  view.close()
  assert.match(written(), /STOPPED {2}agent:a5 /)
  assert.match(written(), /stopped by agent:a5 /)
  assert.doesNotMatch(written(), /^READY|\u202E/m)
  const last = written().slice(written().lastIndexOf('SESSION '))
  assert.equal(last.match(/^stopped: /gm)?.length, 4)
  assert.match(last, /… 2 more stopped, as `cordon revocations` lists them/)
})

test('a session that has ended is stopped by nothing', t => {
  const { view, written } = plainViewOn(t, true)
  view.show(opened)
  view.show(stop('agent:writer', { isNew: false }))
  view.show({ kind: 'ended', sessionId, at: 3 })
  view.close()
  assert.match(written(), /ended/)
  assert.doesNotMatch(written(), /stopped/i)
})
