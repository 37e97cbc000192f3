import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import type { AgentClientError } from './agent-client-error.ts'
import { openSessionWorld } from './fixtures/session-world.ts'

test('renews ahead of the end, in the middle of 60 to 80 percent of the life where chance says a half', async t => {
  const { cordon, timing, open } = await openSessionWorld(t)
  const session = await open()
  await timing.advance(209_999)
  assert.equal(cordon.identityRequests.length, 1)
  await timing.advance(1)
  // Whoever asks meanwhile gets the one that is still good, and asks for no second renewal.
  assert.equal(await session.token('files'), 'token-1-for-files')
  await until(async () => (await session.token('files')) === 'token-2-for-files')
  assert.equal(cordon.identityRequests.length, 2)
  await timing.advance(210_000)
  await until(async () => (await session.token('files')) === 'token-3-for-files')
  assert.equal(cordon.identityRequests.length, 3)
})

test('a token near its end is not shown any more', async t => {
  const { timing, open } = await openSessionWorld(t)
  const session = await open()
  await session.token('mail')
  await session.token('files')
  await timing.advance(295_000)
  assert.equal((await session.token('mail')).startsWith('token-2'), false)
})

test('a server that is not granted does not end the session: another token is renewed', async t => {
  const { cordon, timing, open } = await openSessionWorld(t)
  const session = await open()
  const refusal = { status: 400, body: { error: 'invalid_target', code: 'SERVER_REFUSED' } }
  cordon.scripted.push(refusal)
  await assert.rejects(session.token('bank'), { code: 'TOOLS_REFUSED' })
  await session.token('mail')
  await timing.advance(209_999)
  // Mail is granted no more when it is renewed.
  cordon.scripted.push(refusal)
  await timing.advance(1)
  await until(() => Promise.resolve(cordon.identityRequests.length === 4 && timing.asleep() === 1))
  await timing.advance(15_000)
  await until(async () => (await session.token('files')) === 'token-3-for-files')
  assert.deepEqual(
    cordon.identityRequests.map(({ form }) => form['resource']),
    ['files', 'bank', 'mail', 'mail', 'files'].map(server => `urn:cordon:server:${server}`),
  )
})

/**
 * @fault a session ends while its agent runs
 * @behaviour every use says `SESSION_ENDED` with the words of the identity service; nothing is sent any more
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('a session that identity does not renew has ended: said once, and at every use', async t => {
  const { cordon, open } = await openSessionWorld(t)
  const errors: AgentClientError[] = []
  const session = await open({ onEnded: error => errors.push(error) })
  cordon.scripted.push({ status: 400, body: { error: 'invalid_grant' } })
  await assert.rejects(session.token('mail'), { code: 'SESSION_ENDED', refusal: { error: 'invalid_grant' } })
  await assert.rejects(session.token('files'), { code: 'SESSION_ENDED' })
  await assert.rejects(session.replaceToken('files', 'token-1-for-files'), { code: 'SESSION_ENDED' })
  await assert.rejects(session.delegate('files'), { code: 'SESSION_ENDED' })
  await session.end()
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['SESSION_ENDED'],
  )
  assert.equal(cordon.identityRequests.length, 2)
})

test('a suspended or revoked session is not over: it keeps what it has, says why, and is asked for again', async t => {
  const { cordon, open } = await openSessionWorld(t)
  const session = await open({ onEnded: () => assert.fail('it goes on') })
  for (const body of [
    { error: 'invalid_grant', code: 'SESSION_SUSPENDED' },
    { error: 'invalid_grant', code: 'REVOKED' },
    { error: 'access_denied' },
  ]) {
    cordon.scripted.push({ status: 400, body })
    await assert.rejects(session.token('mail'), { code: 'SESSION_DENIED', refusal: body })
    assert.equal(await session.token('files'), 'token-1-for-files')
  }
  assert.equal(await session.token('mail'), 'token-2-for-mail')
})

test('goes on renewing after identity was away', async t => {
  const { cordon, timing, open } = await openSessionWorld(t)
  const session = await open()
  cordon.scripted.push(...Array.from({ length: 5 }, () => ({ status: 503 })))
  await timing.advance(210_000)
  await until(() => Promise.resolve(cordon.identityRequests.length === 6 && timing.asleep() === 1))
  await timing.advance(15_000)
  await until(async () => (await session.token('files')) === 'token-2-for-files')
  assert.equal(cordon.identityRequests.length, 7)
})

/** Looks again each time that the event loop came round. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await setImmediate()
}
