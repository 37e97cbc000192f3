import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseTraceSession } from './trace-session.ts'

test('keeps nothing of what the recording knows about the outcome', () => {
  const session = parseTraceSession({
    sid: 's',
    suite: 'desk',
    label: 'hijacked',
    class: 'hijacked',
    first_injected: 1,
    model: 'm',
    prompt: 'p',
    calls: [
      { tool: 'read', args: {}, step: 0, injected: true, inj: 'goal', inj_in_result: true, result: 'abc' },
    ],
  })
  assert.deepEqual(Object.keys(session), ['id', 'agentId', 'role', 'calls'])
  assert.deepEqual(Object.keys(session.calls[0] ?? {}), [
    'tool',
    'arguments',
    'result',
    'resultChars',
    'failed',
    'startMs',
    'endMs',
  ])
})

const call = (step: number) => ({ tool: 'read', args: {}, step })

test('lays steps out evenly, parallel calls 50 ms apart', () => {
  const { calls } = parseTraceSession({ sid: 's', suite: 'd', duration_s: 8, calls: [0, 1, 1, 2].map(call) })
  assert.deepEqual(
    calls.map(({ startMs }) => startMs),
    [4000, 8000, 8050, 12_000],
  )
  assert.equal(calls[0]?.endMs, 6000)
})

test('no call of a step begins after a result of that step, however many there are and whatever their stamps say', () => {
  const many = parseTraceSession({ sid: 's', suite: 'd', calls: [0, ...Array(500).fill(1), 2].map(call) })
  const stamped = parseTraceSession({
    sid: 's',
    suite: 'd',
    calls: [
      { ...call(0), ts: '2025-05-08T00:00:05Z', ts_result: '2025-05-08T00:00:01Z' },
      { ...call(1), ts: '2025-05-08T00:00:06Z', ts_result: '2025-05-08T00:00:07Z' },
      { ...call(1), ts: '2025-05-08T00:00:09Z', ts_result: '2025-05-08T00:00:10Z' },
      { ...call(2), ts: '2025-05-08T00:00:02Z' },
    ],
  })
  for (const { calls } of [many, stamped]) {
    const side = calls.slice(1, -1)
    const lastStart = Math.max(...side.map(({ startMs }) => startMs))
    assert.ok(side.every(({ endMs }) => endMs > lastStart))
    assert.ok(calls[0]!.endMs < side[0]!.startMs)
    assert.ok(side.every(({ endMs }) => endMs < calls.at(-1)!.startMs))
  }
})

test('takes recorded times where there are any', () => {
  const { calls } = parseTraceSession({
    sid: 's',
    suite: 'd',
    calls: [
      { tool: 'read', ts: '2025-05-08T00:41:03.442', ts_result: '2025-05-08T00:41:03.464' },
      { tool: 'read', ts: '2025-05-08T00:41:13.203', ts_result: '2025-05-08T00:41:33.332' },
    ],
  })
  assert.deepEqual(
    calls.map(({ startMs, endMs }) => [startMs, endMs]),
    [
      [0, 22],
      [9761, 29890],
    ],
  )
})

test('a result that never came is an empty one', () => {
  const { calls } = parseTraceSession({
    sid: 's',
    suite: 'd',
    calls: [{ tool: 'read', step: null, result: null, result_chars: null, error: null }],
  })
  assert.deepEqual(calls[0] && [calls[0].result, calls[0].resultChars, calls[0].failed], ['', 0, false])
})

test('a name that no catalogue can hold is escaped', () => {
  const { calls } = parseTraceSession({
    sid: 's',
    suite: 'd',
    calls: ['read', 'files/read', 'rm -rf', 'files/*', 'löschen', 'a\ud800'].map(tool => ({ tool })),
  })
  assert.deepEqual(
    calls.map(({ tool }) => tool),
    ['read', 'files/read', 'rm%20-rf', 'files%2F%2A', 'l%C3%B6schen', 'a%EF%BF%BD'],
  )
})
