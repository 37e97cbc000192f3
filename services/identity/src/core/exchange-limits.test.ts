import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'

import {
  createIdentityFixture,
  type IdentityFixture,
  issuer,
  newKey,
  openFixtureDatabase,
} from '../identity-fixture.ts'
import type { Database } from '../ports/database.ts'
import { createExchangeRates } from './exchange-limits.ts'
import type { Answer, Refusal } from './refusal.ts'

let database: Database
before(async () => {
  database = await openFixtureDatabase()
})
after(async () => database.close())

const unlimited = {
  sessionsPerHuman: 1e6,
  sessionsPerAgent: 1e6,
  exchangesPerHuman: 1e6,
  exchangesPerAgent: 1e6,
}

const refusalOf = (answer: Answer<unknown> | undefined): Refusal | undefined =>
  answer === undefined || answer.ok ? undefined : answer.refusal

test('exchanges of a human, and of an agent for all its humans, are counted by the minute', () => {
  const rates = createExchangeRates({ ...unlimited, exchangesPerHuman: 2, exchangesPerAgent: 3 })
  const take = (human: string, agentId: string, now: number) => refusalOf(rates.take({ human, agentId }, now))
  assert.equal(take('alice', 'agent-7', 600_000), undefined)
  assert.equal(take('alice', 'agent-8', 600_000), undefined)
  const tooMany = take('alice', 'agent-7', 645_500)
  assert.deepEqual(
    [tooMany?.code, tooMany?.retryAfterSeconds, tooMany?.message],
    ['LIMIT_REACHED', 15, 'exchanges of one human within a minute: expected at most 2, got one more'],
  )
  assert.equal(take('bob', 'agent-7', 650_000), undefined)
  assert.equal(take('carol', 'agent-7', 650_000), undefined)
  assert.match(take('dave', 'agent-7', 650_000)?.message ?? '', /^exchanges of one agent/)
  assert.equal(take('alice', 'agent-7', 660_000), undefined)
})

test('who uses tools without an agent is bounded as a human alone', () => {
  const rates = createExchangeRates({ ...unlimited, exchangesPerAgent: 0 })
  assert.equal(rates.take({ human: 'alice', agentId: 'human' }, 0), undefined)
})

const openOne = async (fixture: IdentityFixture, agentId = 'agent-7') => {
  const key = newKey()
  const actorToken = fixture.attest(key, { agentId: parseAgentId(agentId) })
  const answer = await fixture.sessions.exchange(
    fixture.request(key, { actorToken, tools: ['files/read_file'] }),
  )
  return { key, answer }
}

test('open sessions of a human and of an agent are bounded, also of those that open at once; one that ends makes room', async () => {
  for (const [of, limits] of [
    ['human', { sessionsPerHuman: 3 }],
    ['agent', { sessionsPerAgent: 3 }],
  ] as const) {
    const fixture = await createIdentityFixture(database, 2, { ...unlimited, ...limits })
    const opened = await Promise.all(Array.from({ length: 8 }, async () => openOne(fixture)))
    const refusals = opened.flatMap(({ answer }) => refusalOf(answer) ?? [])
    assert.equal(refusals.length, 5)
    assert.match(refusals[0]?.message ?? '', new RegExp(`^open sessions of one ${of}: expected at most 3`))
    assert.deepEqual([refusals[0]?.code, refusals[0]?.retryAfterSeconds], ['LIMIT_REACHED', 60])
    assert.equal(refusalOf((await openOne(fixture, 'agent-8')).answer) === undefined, of === 'agent')
    const first = opened.find(({ answer }) => answer.ok)
    assert.ok(first?.answer.ok)
    const proof = fixture.prove(first.key, { url: `${issuer}/revoke` })
    await fixture.sessions.close({ refreshToken: first.answer.value.refreshToken, proof })
    assert.equal(refusalOf((await openOne(fixture)).answer), undefined)
  }
})
