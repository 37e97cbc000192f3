import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { openFetchWorld, readFile } from './fixtures/fetch-world.ts'
import { handTiming } from './fixtures/hand-timing.ts'

/** Six attempts in some 16 s: after those a call goes on only for a gap. */
const attemptsAnyway = 7

/**
 * @fault an agent makes more calls than its rate allows for long
 * @behaviour of those that were refused six times only so many go on as numbers are missing; all others are refused, so that neither the requests nor the waits grow
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('of calls that are above the rate for long only as many go on as numbers are missing', async t => {
  const sleeping: (() => void)[] = []
  const underWay: { readonly number: number; readonly refuse: () => void }[] = []
  let isLimited = false
  const { session, files, url } = await openFetchWorld(t, {
    timing: {
      ...handTiming(Date.now()),
      wait: () => new Promise(resolve => sleeping.push(resolve)),
    },
    fetch: (input, init) => {
      if (!isLimited || input !== url) return fetch(input, init)
      const proof = new Headers(init?.headers).get('dpop') ?? ''
      const { seq } = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString()) as {
        seq: number
      }
      return new Promise(resolve => {
        const refusal = new Response('{}', { headers: { 'cordon-call-uncounted': 'RATE_LIMITED' } })
        underWay.push({ number: seq, refuse: () => resolve(refusal) })
      })
    },
  })
  await files(url, readFile)
  isLimited = true
  let left = 0
  const callMany = (count: number): Promise<unknown>[] =>
    Array.from({ length: count }, () => {
      left += 1
      return files(url, readFile).finally(() => {
        left -= 1
      })
    })
  const areUnderWay = async (): Promise<void> => {
    while (underWay.length < left) await turn()
  }
  // Two numbers are missing where these are refused: another call, which counts, has the one after them.
  const calls = callMany(2)
  await areUnderWay()
  const { call } = session.sequences
  call.settle(await call.take(), 'used')
  calls.push(...callMany(3))
  const leftAfter: number[] = []
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    await areUnderWay()
    assert.deepEqual(
      underWay.map(({ number }) => number).toSorted((a, b) => a - b),
      [1, 2, 4, 5, 6].slice(0, left),
    )
    // The lowest first: while others are under way, each leaves a gap.
    for (const { refuse } of underWay.splice(0).toSorted((a, b) => a.number - b.number)) {
      const settled = sleeping.length + 5 - left
      refuse()
      while (sleeping.length + 5 - left === settled) await turn()
    }
    leftAfter.push(left)
    for (const wake of sleeping.splice(0)) wake()
  }
  assert.deepEqual(leftAfter, [...Array<number>(attemptsAnyway - 1).fill(5), 4, 3, 2, 2])
  isLimited = false
  await Promise.all(calls)
})
