import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { SessionId } from '@cordon/foundation'

import { keyLeadMs, keyTrailMs } from '../core/key-plan.ts'
import { type Answered, type HttpFixture, openHttpFixture, operatorSecret } from '../http-fixture.ts'
import { newKey } from '../identity-fixture.ts'

let http: HttpFixture
before(async () => {
  http = await openHttpFixture()
})
after(async () => http.close())

/**
 * @input a request for the kill switch, the list of sessions or a new key without the operators' secret, or with another
 * @behaviour 401 `SECRET_WRONG`, whatever else it asks; nothing is revoked or told
 * @counter cordon_identity_requests_rejected_total{code="SECRET_WRONG"}
 */
test("rejects everybody who does not show the operators' secret", async () => {
  for (const authorization of [
    '',
    operatorSecret,
    'Bearer ',
    `Bearer ${operatorSecret}x`,
    `Basic ${operatorSecret}`,
  ])
    for (const [method, path] of [
      ['GET', '/revocations'],
      ['GET', '/sessions'],
      ['POST', '/revocations'],
      ['DELETE', '/revocations/agent:x'],
      ['POST', '/keys/rotate'],
    ] as const) {
      const { status, body, headers } = await http.ask(method, path, { headers: { authorization } })
      assert.deepEqual([status, body['error']], [401, 'SECRET_WRONG'])
      assert.equal(headers.get('www-authenticate'), 'Bearer')
    }
  assert.equal(await http.counted('cordon_identity_requests_rejected_total{code="SECRET_WRONG"}'), 25)
})

test('operators revoke, see, and take back; a broker that is away is said so', async () => {
  const headers = { authorization: `Bearer ${operatorSecret}`, 'content-type': 'application/json' }
  const revoke = async (body: unknown): Promise<Answered> =>
    http.ask('POST', '/revocations', { headers, body: JSON.stringify(body) })
  const slip = await revoke({ scope: 'human:bob', reason: 'left' })
  assert.deepEqual([slip.status, slip.body['error']], [400, 'SCOPE_UNKNOWN'])
  const forced = await revoke({ scope: 'human:bob', reason: 'left', force: true })
  assert.deepEqual(
    [forced.status, forced.body],
    [201, { scope: 'human:bob', openSessions: 0, notRenewed: 0 }],
  )
  const { revocations } = (await http.ask('GET', '/revocations', { headers })).body as {
    revocations: { scope: string; active: boolean; reason: string }[]
  }
  assert.deepEqual(
    revocations.map(({ scope, active, reason }) => [scope, active, reason]),
    [['human:bob', true, 'left']],
  )
  http.isTopicUp = false
  const away = await revoke({ scope: 'agent:agent-8', reason: 'odd' })
  assert.deepEqual([away.status, away.body['error']], [503, 'LOG_UNAVAILABLE'])
  http.isTopicUp = true
  const lifted = await http.ask('DELETE', '/revocations/human%3Abob', { headers })
  assert.deepEqual([lifted.status, lifted.body], [200, { scope: 'human:bob', openSessions: 0 }])
  const after = (await http.ask('GET', '/revocations', { headers })).body['revocations']
  assert.ok(Array.isArray(after))
  const [agent, human] = after as readonly object[]
  assert.partialDeepStrictEqual(human, { scope: 'human:bob', reason: 'lifted', revokedFor: 'left' })
  assert.ok(agent !== undefined && !('revokedFor' in agent), 'what is stopped has its reason')
  assert.equal((await http.ask('DELETE', '/revocations/human%3Abob', { headers })).status, 404)
  assert.equal((await http.ask('DELETE', '/revocations/%E0', { headers })).status, 400)
  // What a shell made of a `*` that was not quoted.
  const spread = await revoke({ scope: 'everything:a.txt', reason: 'r' })
  const wrong = await http.ask('DELETE', '/revocations/everything', { headers })
  assert.match(String(spread.body['message']), /or everything:\*, got everything:a\.txt$/)
  assert.match(String(wrong.body['message']), /or everything:\*, got everything$/)
  for (const body of [
    { scope: 'role:x', reason: 'r' },
    { scope: 'human:x' },
    { scope: 'everything:*', reason: 'gone\u0000' },
    { scope: 'everything:*', reason: 'gone\uD800' },
    { scope: 'everything:*', reason: '' },
    { scope: 'human:x', reason: 'r', by: 'me' },
  ])
    assert.equal((await revoke(body)).status, 400)
})

/**
 * @fault the database does not answer while an operator takes back what the kill switch stopped
 * @behaviour 503 with `Retry-After`, and it stays stopped; asked again it is lifted
 * @counter cordon_identity_requests_refused_total{code="DATABASE_UNAVAILABLE"}
 */
test('a lift that is answered with a fault has lifted nothing, and can be tried again', async () => {
  const headers = { authorization: `Bearer ${operatorSecret}`, 'content-type': 'application/json' }
  const scope = 'human:carol'
  await http.ask('POST', '/revocations', {
    headers,
    body: JSON.stringify({ scope, reason: 'odd', force: true }),
  })
  const lift = async (): Promise<Answered> => http.ask('DELETE', `/revocations/${scope}`, { headers })
  const isStopped = async (): Promise<boolean | undefined> => {
    const { body } = await http.ask('GET', '/revocations', { headers })
    return (body['revocations'] as { scope: string; active: boolean }[]).find(each => each.scope === scope)
      ?.active
  }
  const series = 'cordon_identity_requests_refused_total{code="DATABASE_UNAVAILABLE"}'
  const before = await http.counted(series)
  http.isStoreUp = false
  const away = await lift()
  http.isStoreUp = true
  assert.deepEqual(
    [away.status, away.body['code'], away.headers.get('retry-after')],
    [503, 'DATABASE_UNAVAILABLE', '1'],
  )
  assert.equal(await http.counted(series), before + 1)
  assert.equal(await isStopped(), true)
  const lifted = await lift()
  assert.deepEqual([lifted.status, lifted.body], [200, { scope, openSessions: 0 }])
  assert.equal(await isStopped(), false)
})

test('a reason is kept without blanks around it; of one that is none it is said what is wrong', async () => {
  const headers = { authorization: `Bearer ${operatorSecret}`, 'content-type': 'application/json' }
  const scope = 'platform:desk'
  const revoke = async (reason: string): Promise<Answered> =>
    http.ask('POST', '/revocations', { headers, body: JSON.stringify({ scope, reason }) })
  const table: readonly (readonly [string, string])[] = [
    ['   ', 'expected 1 to 512 characters, got 0'],
    ['x'.repeat(3000), 'expected 1 to 512 characters, got 3000'],
    ['a\nb', 'expected printable characters in one line, got a line break'],
  ]
  for (const [reason, message] of table) {
    const { status, body } = await revoke(reason)
    assert.deepEqual([status, body['message']], [400, `reason: ${message}`])
  }
  assert.equal((await revoke(' left \n')).status, 201)
  const { revocations } = (await http.ask('GET', '/revocations', { headers })).body as {
    revocations: { scope: string; reason: string }[]
  }
  assert.equal(revocations.find(each => each.scope === scope)?.reason, 'left')
  assert.equal((await http.ask('DELETE', `/revocations/${scope}`, { headers })).status, 200)
})

test('operators see every open session: who, since when, how it stands, and what stops it', async () => {
  const headers = { authorization: `Bearer ${operatorSecret}`, 'content-type': 'application/json' }
  const list = async () =>
    (await http.ask('GET', '/sessions', { headers })).body['sessions'] as Readonly<Record<string, unknown>>[]
  const before = await list()
  const key = newKey()
  const openedAt = new Date(http.identity.clock.now()).toISOString()
  const { session_id: sessionId, refresh_token: token } = (
    await http.post('/token', key, http.exchangeForm(key))
  ).body
  http.identity.clock.advance(1_000)
  const acted = http.identity.clock.now()
  http.identity.sessions.acted(sessionId as SessionId, acted)
  await http.identity.sessions.endDue()
  const [shown, ...others] = (await list()).slice(before.length)
  assert.equal(others.length, 0)
  assert.deepEqual(
    { ...shown, endsAt: undefined },
    {
      sessionId,
      human: 'alice',
      agent: 'agent-7',
      platform: 'desk',
      standing: 'trusted',
      revokedBy: [],
      parent: null,
      openedAt,
      lastSeenAt: new Date(acted).toISOString(),
      endsAt: undefined,
    },
  )
  const scope = `session:${String(sessionId)}`
  const revoke = async (each: string) =>
    http.ask('POST', '/revocations', { headers, body: JSON.stringify({ scope: each, reason: 'odd' }) })
  await revoke(scope)
  await revoke('human:alice')
  assert.deepEqual((await list()).at(-1)?.['revokedBy'], ['human:alice', scope])
  await http.ask('DELETE', '/revocations/human:alice', { headers })
  const lift = async () => http.ask('DELETE', `/revocations/${encodeURIComponent(scope)}`, { headers })
  assert.deepEqual((await lift()).body, { scope, openSessions: 1 })
  await revoke(scope)
  await http.post('/revoke', key, { token: String(token) })
  assert.deepEqual((await lift()).body, { scope, openSessions: 0 })
  assert.deepEqual(await list(), before)
  assert.equal((await http.ask('GET', '/sessions?after=x', { headers })).body['error'], 'QUERY_INVALID')
  assert.equal((await http.ask('DELETE', '/sessions', { headers })).status, 405)
})

test('operators have the next key made, once, and are told when each signs', async () => {
  const headers = { authorization: `Bearer ${operatorSecret}` }
  const rotate = async (): Promise<Answered> => http.ask('POST', '/keys/rotate', { headers })
  const signing = http.identity.keys.current().keyId
  const now = http.identity.clock.now()
  const made = await rotate()
  const keys = made.body['keys'] as readonly Readonly<Record<string, string>>[]
  assert.deepEqual([made.status, made.body['isMade']], [201, true])
  assert.deepEqual(
    keys.map(({ keyId, turn }) => [keyId === signing, turn]),
    [
      [true, 'signing'],
      [false, 'next'],
    ],
  )
  const signsFrom = now + keyLeadMs
  assert.equal(keys[1]?.['signsFrom'], new Date(signsFrom).toISOString())
  assert.equal(keys[0]?.['publishedUntil'], new Date(signsFrom + keyTrailMs).toISOString())
  const again = await rotate()
  assert.deepEqual([again.status, again.body], [200, { isMade: false, keys }])
})
