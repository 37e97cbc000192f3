import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseTraceSession, type TraceCall } from './trace-session.ts'

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

test('where a call failed without a result, its message is what was read', () => {
  const calls = [
    { error: 'ask eve' },
    { error: 'ask eve', result: 'no' },
    { error: true },
    { error: 'none' },
    { error: 1 },
    { error: true, err: 'no channel: ask eve' },
    { error: true, err: 'ask eve', result: 'no' },
    { error: false, err: 'ask eve' },
  ]
  const session = parseTraceSession({
    sid: 's',
    suite: 'd',
    calls: calls.map(call => ({ tool: 'a', ...call })),
  })
  assert.deepEqual(
    session.calls.map(({ result, resultChars }) => [result, resultChars]),
    [
      ['ask eve', 7],
      ['no', 2],
      ['', 0],
      ['', 0],
      ['', 0],
      ['no channel: ask eve', 19],
      ['no', 2],
      ['', 0],
    ],
  )
})

test('fields are read in whatever form they are written', () => {
  const { id, calls } = parseTraceSession({
    sid: 7,
    suite: 'd',
    prompt: 'x'.repeat(200_000),
    calls: [
      {
        tool: 'a',
        args: null,
        error: 'no such file',
        result: { rows: [1] },
        step: 1e15,
        result_chars: 2 ** 40,
      },
      { tool: 'b', args: '{"to":"ada"}', error: 'False', result: [1, 2], step: -1, result_chars: 'many' },
      { tool: 'c', args: ['x'], error: 0, result: 7, step: 'two', ts: 1746664863 },
      { tool: 'd', args: 'free text', error: { code: 1 }, step: 1.5 },
    ],
  })
  assert.equal(id, 7)
  assert.deepEqual(
    calls.map(call => [call.arguments, call.failed, call.result, call.resultChars]),
    [
      [{}, true, '{"rows":[1]}', 2 ** 31 - 1],
      [{ to: 'ada' }, false, '[1,2]', 5],
      [{ args: ['x'] }, false, '7', 1],
      [{ args: 'free text' }, true, '{"code":1}', 10],
    ],
  )
})

test('a half of a character is left out where a text was cut, and stays anywhere else', () => {
  const args = { a: 'cut\ud83d', b: ['in\ud83dside', 'cut\ud83d'], c: '\ude00first' }
  const { calls } = parseTraceSession({ sid: 's', suite: 'd', calls: [{ tool: 'a', args }] })
  assert.deepEqual(calls[0]?.arguments, { a: 'cut', b: ['in\ud83dside', 'cut'], c: '\ude00first' })
})

const argumentsOf = (args: unknown): unknown =>
  parseTraceSession({ sid: 's', suite: 'd', calls: [{ tool: 'a', args }] }).calls[0]?.arguments

test('what was cut deep within lists takes no more time than what was not', () => {
  const nested = (leaf: string): unknown => {
    let value: unknown = leaf
    for (let level = 0; level < 60; level += 1) value = [value]
    return { a: value }
  }
  // Twice the time for every level would never end.
  assert.deepEqual(argumentsOf(nested('cut\ud83d')), nested('cut'))
})

test('arguments whose text is nested deeper than a stack are that text', () => {
  for (const text of [
    '['.repeat(100_000) + ']'.repeat(100_000),
    `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`,
  ])
    assert.deepEqual(argumentsOf(text), { args: text })
  assert.deepEqual(argumentsOf('[[1]]'), { args: [[1]] })
})

test('what says whether a call failed is read in linear time', () => {
  const failed = (error: string): boolean | undefined =>
    parseTraceSession({ sid: 's', suite: 'd', calls: [{ tool: 'a', error }] }).calls[0]?.failed
  // A million times a million steps would never end.
  assert.equal(failed(`${' '.repeat(1_000_000)}x`), true)
  assert.equal(failed(`${' '.repeat(1_000_000)}none\n`), false)
})

test('an agent has its suite’s name, or a hash of it where that is long or cannot be shown', () => {
  const named = (suite: string | number): string => parseTraceSession({ sid: 's', suite, calls: [] }).agentId
  assert.equal(named('desk'), 'desk')
  assert.equal(named(7), '7')
  const odd = ['', '\u001b[2J', 'y'.repeat(97), 'y'.repeat(300), 'ö'.repeat(60)].map(named)
  assert.equal(new Set(odd).size, odd.length)
  for (const name of odd) assert.match(name, /^[\x20-\x7e]{0,40}#[0-9a-f]{16}$/)
})

test('calls of one step are side by side wherever they stand', () => {
  const { calls } = parseTraceSession({ sid: 's', suite: 'd', calls: [0, 1, 0, 2].map(call) })
  const [first, other, same, last] = calls as [TraceCall, TraceCall, TraceCall, TraceCall]
  assert.ok(first.endMs > same.startMs && same.endMs > same.startMs)
  assert.ok(other.startMs > same.endMs && other.startMs > first.endMs)
  assert.ok(last.startMs > other.endMs)
})

test('time stamps further apart than a week say nothing', () => {
  const stamps = ['2025-01-01', '2026-01-01'].map(ts => ({ tool: 'read', ts }))
  const { calls } = parseTraceSession({ sid: 's', suite: 'd', calls: stamps })
  assert.deepEqual(
    calls.map(({ startMs }) => startMs),
    [4000, 8000],
  )
})

test('a name that no catalogue can hold is escaped', () => {
  const { calls } = parseTraceSession({
    sid: 's',
    suite: 'd',
    calls: ['read', 'files/read', 'rm -rf', 'files/*', 'löschen', 'a\ud800', 'ö'.repeat(30), ''].map(
      tool => ({ tool }),
    ),
  })
  assert.deepEqual(
    calls.map(({ tool }) => tool),
    [
      'read',
      'files/read',
      'rm%20-rf',
      'files%2F%2A',
      'l%C3%B6schen',
      'a%EF%BF%BD',
      'unnamed-2d2a02608e6fe276',
      'unnamed-e3b0c44298fc1c14',
    ],
  )
})
