import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openFetchWorld, readFile, sequences } from './fixtures/fetch-world.ts'
import { handTiming } from './fixtures/hand-timing.ts'

test('renews a token that is refused and tries once more, with the same number', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  cordon.refusedTokens.add('token-1-for-files')
  assert.equal((await files(url, readFile)).status, 200)
  assert.deepEqual(
    cordon.proxyRequests.slice(2).map(({ token, proof }) => [token, proof['seq']]),
    [
      ['token-1-for-files', 1],
      ['token-2-for-files', 1],
    ],
  )
})

test('side by side, a refused token is renewed once', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  cordon.refusedTokens.add('token-1-for-files')
  const responses = await Promise.all(Array.from({ length: 5 }, () => files(url, readFile)))
  assert.ok(responses.every(({ status }) => status === 200))
  assert.equal(cordon.identityRequests.length, 2)
})

test('gives the second refusal to the client, and its number to the next call', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  for (const number of [1, 2]) cordon.refusedTokens.add(`token-${number}-for-files`)
  assert.equal((await files(url, readFile)).status, 401)
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
  cordon.refusedTokens.clear()
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(4), [1])
})

test('an ended session is told as what it is', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  cordon.refusedTokens.add('token-1-for-files')
  cordon.scripted.push({ status: 400, body: { error: 'invalid_grant' } })
  await assert.rejects(files(url, readFile), { code: 'SESSION_ENDED' })
  await assert.rejects(files(url, readFile), { code: 'SESSION_ENDED' })
})

/**
 * @fault a session ended (idle, log-out, its longest life, an operator) while its agent has a token that is good for minutes
 * @behaviour the refused calls are answered as what they are, identity is asked once, and from then on the session is told as ended
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('calls refused side by side because the session has ended end it here as well', async t => {
  const ended: string[] = []
  const { cordon, session, files, url } = await openFetchWorld(t, { onEnded: ({ code }) => ended.push(code) })
  await files(url, readFile)
  cordon.endSessions()
  const before = cordon.proxyRequests.length
  const refused = await Promise.all(Array.from({ length: 10 }, () => files(url, readFile)))
  for (const response of refused) assert.match(await response.text(), /SESSION_ENDED/)
  await assert.rejects(files(url, readFile), { code: 'SESSION_ENDED' })
  await assert.rejects(session.token('mail'), { code: 'SESSION_ENDED' })
  assert.equal(cordon.proxyRequests.length, before + 10)
  assert.equal(cordon.identityRequests.length, 2)
  assert.deepEqual(ended, ['SESSION_ENDED'])
})

test('no token is shown while identity is asked whether the session has ended', async t => {
  const answered = Promise.withResolvers<undefined>()
  let isHeld = false
  const { cordon, session, files, url } = await openFetchWorld(t, {
    fetch: async (input, init) => {
      if (isHeld && input === `${session.proxyUrl}/token`) await answered.promise
      return fetch(input, init)
    },
  })
  await files(url, readFile)
  cordon.endSessions()
  isHeld = true
  await files(url, readFile)
  const next = Promise.allSettled([session.token('files'), session.delegate('files')])
  answered.resolve(undefined)
  assert.deepEqual(
    (await next).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
})

test('a proxy that lies about the end of a session ends nothing, and makes no flood of requests', async t => {
  const timing = handTiming(Date.now())
  const { cordon, session, files, url } = await openFetchWorld(t, { timing })
  cordon.now = () => timing.now()
  await files(url, readFile)
  cordon.isProxyLying = true
  for (let call = 0; call < 5; call += 1) assert.match(await (await files(url, readFile)).text(), /ENDED/)
  await session.token('files')
  assert.equal(cordon.identityRequests.length, 2)
  await timing.advance(15_000)
  for (let call = 0; call < 5; call += 1) await files(url, readFile)
  await session.token('files')
  assert.equal(cordon.identityRequests.length, 3)
  cordon.isProxyLying = false
  assert.deepEqual(await (await files(url, readFile)).json(), { jsonrpc: '2.0', id: 1, result: {} })
})

test('a session that identity says is suspended goes on being refused', async t => {
  const ended: string[] = []
  const { cordon, files, url } = await openFetchWorld(t, { onEnded: ({ code }) => ended.push(code) })
  await files(url, readFile)
  cordon.isProxyLying = true
  cordon.scripted.push({ status: 400, body: { error: 'invalid_grant', code: 'SESSION_SUSPENDED' } })
  for (let call = 0; call < 2; call += 1) assert.equal((await files(url, readFile)).status, 200)
  assert.equal(cordon.identityRequests.length, 2)
  assert.deepEqual(ended, [])
})
