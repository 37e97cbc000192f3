import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { maxUnsettled } from './call-sequence.ts'
import { openFetchWorld, readFile, sequences } from './fixtures/fetch-world.ts'
import { handTiming } from './fixtures/hand-timing.ts'
import { sessionFetch } from './session-fetch.ts'

/** Identity answers at once until it is held, and then when it is let. */
const openSlowWorld = async (t: TestContext) => {
  const answering = Promise.withResolvers<undefined>()
  const asked = Promise.withResolvers<undefined>()
  let isHeld = false
  const timing = handTiming(Date.now())
  const world = await openFetchWorld(t, {
    timing,
    fetch: async (input, init) => {
      if (isHeld && input === `${world.session.proxyUrl}/token`) {
        asked.resolve(undefined)
        await answering.promise
      }
      return fetch(input, init)
    },
  })
  world.cordon.now = () => timing.now()
  await world.files(world.url, readFile)
  return {
    ...world,
    timing,
    asked: asked.promise,
    hold: () => {
      isHeld = true
    },
    let: () => {
      isHeld = false
      answering.resolve(undefined)
    },
  }
}

/**
 * @fault identity is slow while a refused token is replaced
 * @behaviour the call waits without a number: those to other servers go on, and none seems to be hidden
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('a call whose token is replaced holds no number: calls to other servers go on without a gap', async t => {
  const world = await openSlowWorld(t)
  const { cordon, session, files, url } = world
  await session.token('mail')
  world.hold()
  cordon.refusedTokens.add('token-1-for-files')
  const before = cordon.proxyRequests.length
  const slow = files(url, readFile)
  await world.asked
  const mail = sessionFetch(session, 'mail')
  assert.equal((await mail(url.replace('files', 'mail'), readFile)).status, 200)
  world.let()
  assert.equal((await slow).status, 200)
  const counted = cordon.proxyRequests.slice(before).filter(({ verdict }) => verdict.ok)
  assert.deepEqual(
    counted.map(({ token, proof }) => [token.replace(/.*-/, ''), proof['seq']]),
    [
      ['mail', 1],
      ['files', 2],
    ],
  )
})

test('nor does one whose token ran out while it waited for a number', async t => {
  const world = await openSlowWorld(t)
  const { cordon, session, files, url, timing } = world
  const { call } = session.sequences
  for (let number = 0; number < maxUnsettled; number += 1) await call.take()
  const slow = files(url, readFile)
  await session.token('files')
  world.hold()
  await timing.advance(1000 * cordon.tokenLife)
  call.settle(1, 'unused')
  await world.asked
  // It was in hand for a moment only.
  assert.equal(await call.take(), 1)
  call.settle(1, 'used')
  world.let()
  assert.equal((await slow).status, 200)
  assert.equal(sequences(cordon).at(-1), maxUnsettled + 1)
})

test('who leaves while identity is asked is not kept until it answers', async t => {
  const world = await openSlowWorld(t)
  const { cordon, session, files, url } = world
  const mail = sessionFetch(session, 'mail')
  const before = cordon.proxyRequests.length
  world.hold()
  cordon.refusedTokens.add('token-1-for-files')
  for (const [send, to] of [
    [files, url],
    [mail, url.replace('files', 'mail')],
  ] as const) {
    const leave = new AbortController()
    const left = send(to, { ...readFile, signal: leave.signal })
    await world.asked
    leave.abort()
    await assert.rejects(left, { name: 'AbortError' })
  }
  world.let()
  await files(url, readFile)
  assert.deepEqual([...new Set(sequences(cordon).slice(before))], [1])
})
