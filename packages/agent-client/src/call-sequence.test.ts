import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { makeSessionId } from '@cordon/foundation'
import { createReplayWindows, replayWindowSize } from '@cordon/tokens'
import * as fc from 'fast-check'

import { type CallSequence, createCallSequence, maxUnsettled } from './call-sequence.ts'

const session = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b')

const takeMany = (sequence: CallSequence, count: number): Promise<readonly number[]> =>
  Promise.all(Array.from({ length: count }, () => sequence.take()))

test('counts from 0 without a gap, and gives what is unused first, lowest first', async () => {
  const sequence = createCallSequence()
  assert.deepEqual(await takeMany(sequence, 3), [0, 1, 2])
  sequence.settle(2, 'unused')
  sequence.settle(0, 'unused')
  assert.deepEqual(await takeMany(sequence, 3), [0, 2, 3])
})

test('who comes when too many are not settled waits, in order, for an answer of any of them', async () => {
  const sequence = createCallSequence()
  await takeMany(sequence, maxUnsettled)
  const order: string[] = []
  const waiting = ['first', 'second', 'third'].map(async name => {
    const number = await sequence.take()
    order.push(`${name} ${number}`)
  })
  await sequence.take(AbortSignal.abort('left')).catch((reason: unknown) => order.push(String(reason)))
  assert.deepEqual(order, ['left'])
  sequence.settle(7, 'used')
  sequence.settle(9, 'unused')
  sequence.settle(3, 'used')
  await Promise.all(waiting)
  assert.deepEqual(order, ['left', `first ${maxUnsettled}`, 'second 9', `third ${maxUnsettled + 1}`])
})

test('who is aborted while they wait took no number, and holds up nobody', async () => {
  const sequence = createCallSequence()
  await takeMany(sequence, maxUnsettled)
  const leave = new AbortController()
  const left = sequence.take(leave.signal)
  const stays = sequence.take(new AbortController().signal)
  leave.abort(new Error('left'))
  await assert.rejects(left, { message: 'left' })
  sequence.settle(0, 'used')
  assert.equal(await stays, maxUnsettled)
  sequence.settle(1, 'used')
  assert.equal(await sequence.take(), maxUnsettled + 1)
})

test('one that has no answer lets so many pass that an engine still takes it, and no more', async () => {
  const sequence = createCallSequence()
  assert.equal(await sequence.take(), 0)
  for (let number = 1; number < replayWindowSize; number += 1) {
    assert.equal(await sequence.take(), number)
    sequence.settle(number, 'used')
  }
  const next = sequence.take()
  sequence.settle(0, 'unused')
  assert.equal(await next, 0)
  const after = sequence.take()
  sequence.settle(0, 'used')
  assert.equal(await after, replayWindowSize)
})

test('one that was given up as used is not used again, whatever is said of it later', async () => {
  const sequence = createCallSequence()
  await takeMany(sequence, 2)
  sequence.settle(0, 'used')
  sequence.settle(0, 'unused')
  assert.equal(await sequence.take(), 2)
})

test('knows whether a number would be missing if no other request came', async () => {
  const sequence = createCallSequence()
  await takeMany(sequence, 3)
  sequence.settle(2, 'unused')
  assert.equal(sequence.hasGap, false)
  sequence.settle(0, 'unused')
  assert.equal(sequence.hasGap, true, '1 may count')
  sequence.settle(1, 'unused')
  assert.equal(sequence.hasGap, false)
  for (const number of await takeMany(sequence, 2)) sequence.settle(number, 'used')
  assert.equal(sequence.hasGap, false)
})

test('a number is not missing where another request stands by to take it', async () => {
  const sequence = createCallSequence()
  await takeMany(sequence, 3)
  sequence.settle(0, 'unused')
  const waits = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const [first, second] = waits.map(({ promise }) => sequence.standBy(promise))
  assert.equal(sequence.hasGap, false)
  sequence.settle(1, 'unused')
  assert.equal(sequence.hasGap, false, 'two for two')
  waits[0]?.resolve()
  await first
  assert.equal(sequence.hasGap, true, 'one for two')
  const leaves = assert.rejects(second ?? Promise.resolve(), { message: 'left' })
  waits[1]?.reject(new Error('left'))
  await leaves
  await takeMany(sequence, 1)
  assert.equal(sequence.hasGap, true, 'none for one')
})

/**
 * Requests side by side, as an agent, the network and engines make them: which of those under way comes to an engine next, at which, and whether
 * that counts it, turns it away before it looks at the number, or takes it and gives it back.
 */
const happenings = fc.array(
  fc.record({
    requests: fc.nat({ max: 400 }),
    /** In the order in which they were sent, of 0 to 1; mostly the newest, so that some come late. */
    arriving: fc.double({ min: 0, max: 1, noNaN: true }).map(place => 1 - place ** 4),
    engine: fc.nat({ max: 1 }),
    outcome: fc.constantFrom('counts', 'turns away', 'gives back'),
    times: fc.nat({ max: 700 }),
  }),
  { maxLength: 30 },
)

test('in whatever order calls come and are refused, none is a replay, none that is free cannot be taken again, and none is missing', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, async sequenceOfHappenings => {
      const sequence = createCallSequence()
      const engines = [createReplayWindows(), createReplayWindows()] as const
      const underWay: number[] = []
      const counted: number[] = []
      let proofs = 0
      const take = async (): Promise<void> => void underWay.push(await sequence.take())
      const arrive = (place: number, engine: number, outcome: string): void => {
        const [number] = underWay.splice(Math.floor(place * (underWay.length - 1)), 1)
        if (number === undefined) return
        if (outcome === 'turns away') return sequence.settle(number, 'unused')
        // Each attempt is signed anew.
        const proof = { proof: `${(proofs += 1)}`, sequence: number, issuedAt: 0, era: 0 }
        assert.equal(engines[engine === 0 ? 0 : 1].use(session, 'call', proof), 'fresh')
        if (outcome === 'counts') counted.push(number)
        else assert.equal(engines[engine === 0 ? 0 : 1].giveBack(session, 'call', proof), true)
        sequence.settle(number, outcome === 'counts' ? 'used' : 'unused')
      }
      for (const { requests, arriving, engine, outcome, times } of sequenceOfHappenings) {
        for (let request = 0; request < requests; request += 1) void take()
        for (let time = 0; time < times; time += 1) {
          // Whoever waited has their number only now.
          await Promise.resolve()
          arrive(arriving, engine, outcome)
        }
        assert.ok(underWay.length <= maxUnsettled)
      }
      // Calls that go on, as those above the rate do, until none is waited for.
      for (;;) {
        await turn()
        if (underWay.length === 0 && !sequence.hasGap) break
        if (underWay.length === 0) await take()
        arrive(1, 0, 'counts')
      }
      assert.deepEqual(
        counted.toSorted((a, b) => a - b),
        counted.map((_, number) => number),
      )
    }),
  )
})
