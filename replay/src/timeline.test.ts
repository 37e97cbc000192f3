import assert from 'node:assert/strict'
import { test } from 'node:test'

import { partitionOfSession, seededRandom } from '@cordon/foundation'
import { parseTraceSession } from '@cordon/traces'

import { makeTimeline } from './timeline.ts'

const trace = (sid: string) =>
  parseTraceSession({
    sid,
    suite: 'desk',
    calls: [0, 1].map(step => ({ tool: 'read', step })),
  })

const options = { partitions: 4, concurrent: 10, endMs: 1_000_000, random: seededRandom(1) }

test('every session opens first, ends last, and shows a call before its result', () => {
  const steps = makeTimeline(
    Array.from({ length: 20 }, (_, index) => trace(`s${index}`)),
    options,
  )
  assert.equal(steps.length, 20 * 6)
  for (const id of new Set(steps.map(({ session }) => session.sessionId))) {
    const own = steps.filter(({ session }) => session.sessionId === id).map(({ kind }) => kind)
    assert.deepEqual(own, ['open', 'call', 'result', 'call', 'result', 'end'])
    assert.ok(partitionOfSession(id) < 4)
  }
})

test('time only goes forward and ends where it shall', () => {
  const times = makeTimeline([trace('a'), trace('b')], options).map(({ atMs }) => atMs)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
  assert.equal(times.at(-1), 1_000_000)
})

test('nothing to play is no fault', () => {
  assert.deepEqual(makeTimeline([], options), [])
})

test('what would begin before 1970 is refused, with what helps', () => {
  const week = (sid: string) =>
    parseTraceSession({
      sid,
      suite: 'desk',
      calls: [{ tool: 'read', ts: '2026-01-01T00:00:00Z', ts_result: '2026-01-07T23:59:00Z' }],
    })
  const traces = Array.from({ length: 5000 }, (_, index) => week(`s${index}`))
  const now = Date.UTC(2026, 0, 1)
  assert.throws(() => makeTimeline(traces, { ...options, concurrent: 1, endMs: now }), {
    code: 'RECORDING_TOO_LONG',
    message: /play more at a time \(--concurrent\)/,
  })
  assert.equal(makeTimeline(traces, { ...options, concurrent: 10, endMs: now }).at(-1)?.atMs, now)
})
