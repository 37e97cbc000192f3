import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { judged, newKernel, outcome, raising, taughtKernel } from '../test/play.ts'
import type { Call } from '../test/session-log.ts'
import { mention, target } from '../test/session-log.ts'
import { query, read, write, silent } from '../test/usual-calls.ts'

describe('where an argument comes from', () => {
  // Beyond reach, so that only the gate rule holds.
  const kernel = newKernel({ thresholds: { verify: 99, readOnly: 99, suspend: 99 } })

  test('holds a gated call on a target that came out of a result', () => {
    const assessment = judged(kernel, [
      { ...read, result: [7, 8] },
      query('orders'),
      { ...write, entities: [target(8)] },
    ])
    assert.equal(assessment.verdict, 'hold')
    assert.equal(assessment.standing, 'trusted')
    assert.deepEqual(
      assessment.contributions.map(({ fact }) => fact),
      [
        'first time anyone meets the path that fs/write acts on; it came from the result of fs/read 2 calls earlier',
      ],
    )
  })

  test('does not hold on what sessions that were learned from have met, but counts it', () => {
    const aware = taughtKernel([{ ...read, result: [8] }, write], {
      thresholds: { verify: 99, readOnly: 99, suspend: 99 },
    })
    const assessment = judged(aware, [
      { ...read, result: [8] },
      { ...write, entities: [target(8)] },
    ])
    assert.equal(assessment.verdict, 'forward')
    assert.deepEqual(
      raising(assessment).map(({ fact }) => fact),
      ['the path that fs/write acts on came from the result of fs/read 1 call earlier'],
    )
  })

  test('does not hold what the session brought along before any result showed it', () => {
    const assessment = judged(kernel, [
      { ...read, entities: [mention(8)], result: [8] },
      { ...write, entities: [target(8)] },
    ])
    assert.equal(assessment.verdict, 'forward')
    assert.equal(assessment.evidence, 0)
  })

  test('does not hold what the agent uses anyway', () => {
    const taught = taughtKernel([read, { ...write, entities: [target(8)] }])
    assert.equal(
      judged(taught, [
        { ...read, result: [8] },
        { ...write, entities: [target(8)] },
      ]).verdict,
      'forward',
    )
  })

  test('a quotation in another argument weighs less and never holds a call by itself', () => {
    const quoted = judged(kernel, [
      { ...read, result: [8] },
      { ...write, entities: [mention(8)] },
    ])
    const aimed = judged(kernel, [
      { ...read, result: [8] },
      { ...write, entities: [target(8)] },
    ])
    assert.equal(quoted.verdict, 'forward')
    assert.ok(quoted.evidence < aimed.evidence)
  })

  test('a tool that is neither sensitive nor gated is not judged by it', () => {
    const harmless: Call = { ...write, mode: 'enforce', sensitivity: 1, entities: [target(8)] }
    assert.equal(judged(kernel, [{ ...read, result: [8] }, harmless]).evidence, 0)
  })

  test('overflow counts as tainted, and trying again does not launder it', () => {
    const calls = [
      { ...read, resultOverflow: true },
      { ...write, entities: [target(9)] },
    ]
    assert.equal(judged(kernel, calls).verdict, 'hold')
    assert.equal(judged(kernel, [...calls, { ...write, entities: [target(9)] }]).verdict, 'hold')
    assert.match(judged(kernel, calls).contributions[0]!.fact, /too many values to tell/)
  })

  test('a flood of results is no way around it', () => {
    const flood = Array.from({ length: 12 }, (_, call): Call => ({
      ...read,
      result: Array.from({ length: 64 }, (_, entity) => 1000 + 64 * call + entity),
    }))
    assert.equal(judged(kernel, [...flood, { ...write, entities: [target(1000 + 64 * 11)] }]).verdict, 'hold')
  })

  test('one server’s results move the score only so far', () => {
    const calls = Array.from({ length: 20 }, (_, call): Call[] => [
      { ...read, result: [100 + call] },
      { ...write, entities: [target(100 + call)] },
    ]).flat()
    const { evidence, standing } = outcome(newKernel({ weights: { ...silent, provenance: 1 } }), calls)
    assert.ok(evidence <= 6)
    assert.notEqual(standing, 'suspended')
  })
})
