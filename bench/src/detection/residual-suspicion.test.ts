import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JudgedSession } from './judged-session.ts'
import { asOneHumans } from './residual-suspicion.ts'

const hour = 3_600_000
const week = 7 * 24 * hour

const part = (
  sid: string,
  standing: 'trusted' | 'verify' | 'suspended',
  evidence: readonly number[],
): JudgedSession => ({
  truth: { sid } as JudgedSession['truth'],
  evidence,
  calls: evidence.map((nats, index) => ({
    index,
    score: 0,
    standing,
    verdict: 'forward',
    evidence: nats,
    contributions: [],
  })),
})

const evidenceOf = (judged: readonly JudgedSession[]): readonly (readonly number[])[] =>
  judged.map(({ evidence }) => evidence)

test('after a suspended part the next ones of the same attack start with 3.5 nats, and others with none', () => {
  const parts = [
    part('a/0', 'suspended', [1, 9]),
    part('a/1', 'trusted', [0, 1]),
    part('b/0', 'trusted', [0.5]),
  ]
  // ln(0.25 / 0.001) = 5.5 nats are left, of which a session starts with 3.5 at most.
  assert.deepEqual(evidenceOf(asOneHumans(parts, hour)), [[1, 9], [3.5, 4.5], [0.5]])
})

test('what a part left fades by half in half a week', () => {
  const parts = [part('a/0', 'verify', [4]), part('a/1', 'trusted', [1])]
  const [, [second]] = evidenceOf(asOneHumans(parts, week)) as [unknown, [number]]
  assert.ok(Math.abs(second - (1 + Math.log(0.25 / 0.04) / 4)) < 1e-9)
})

test('a part that was calm leaves nothing', () => {
  const parts = [part('a/0', 'trusted', [1]), part('a/1', 'trusted', [1])]
  assert.deepEqual(evidenceOf(asOneHumans(parts, hour)), [[1], [1]])
})
