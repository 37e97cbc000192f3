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

test('lays steps out evenly, parallel calls 50 ms apart', () => {
  const call = (step: number) => ({ tool: 'read', args: {}, step })
  const { calls } = parseTraceSession({ sid: 's', suite: 'd', duration_s: 8, calls: [0, 1, 1, 2].map(call) })
  // 8 s over 3 steps + 1: a step each 2 s.
  assert.deepEqual(
    calls.map(({ startMs }) => startMs),
    [2000, 4000, 4050, 6000],
  )
  assert.equal(calls[0]?.endMs, 3000)
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
