import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'

import {
  type DownstreamKey,
  generateDownstreamSecret,
  openDownstreamKey,
  signEngineKeys,
} from '@cordon/tokens'

import { bundleOf, bundleText } from '../../bundle-fixture.ts'
import { createClock, issuer, type ManualClock, openFixtureDatabase } from '../../identity-fixture.ts'
import type { Database } from '../../ports/database.ts'
import { type EngineKeyBook, openEngineKeyBook } from './engine-key-book.ts'

const hourMs = 60 * 60_000
let database: Database
let clock: ManualClock
let engines: Record<string, DownstreamKey> = {}

const newKey = (): DownstreamKey => openDownstreamKey(generateDownstreamSecret())

before(async () => {
  database = await openFixtureDatabase()
})
after(async () => database.close())
beforeEach(async () => {
  await database.query('delete from engine_keys')
  clock = createClock()
  engines = { a: newKey() }
})

const open = async (): Promise<EngineKeyBook> =>
  openEngineKeyBook({
    database,
    clock,
    issuer,
    bundles: {
      current: () => {
        const named = Object.entries(engines).map(([name, { publicJwk }]) => {
          const { kty, crv, x } = publicJwk
          return [name, { kty, crv, x }]
        })
        const text = bundleText as { readonly identity: object }
        return bundleOf({ ...text, identity: { ...text.identity, engines: Object.fromEntries(named) } })
      },
    },
  })

const said = (announcer: DownstreamKey, keys: readonly DownstreamKey[], lifeMs = hourMs): string =>
  signEngineKeys(announcer, issuer, {
    issuedAt: clock.now(),
    keys: keys.map(({ publicJwk }) => ({ jwk: publicJwk, until: clock.now() + lifeMs })),
  })

const kidsOf = (book: EngineKeyBook): readonly string[] =>
  book
    .published()
    .map(({ kid }) => kid)
    .sort()
const ids = (...keys: readonly DownstreamKey[]): readonly string[] => keys.map(({ keyId }) => keyId).sort()

test('what engines announced is published until it is over, by every replica and after a restart', async () => {
  const [book, replica] = await Promise.all([open(), open()])
  const [one, other, late] = [newKey(), newKey(), newKey()]
  engines['b'] = newKey()
  assert.equal(await book.announce(said(engines['a']!, [one])), undefined)
  assert.equal(await book.announce(said(engines['b'], [other])), undefined)
  assert.deepEqual(kidsOf(book), ids(one, other))
  await replica.refresh()
  assert.deepEqual(kidsOf(replica), ids(one, other))
  clock.advance(hourMs - 1_000)
  assert.equal(await replica.announce(said(engines['a']!, [one, late])), undefined)
  clock.advance(1_000)
  await book.refresh()
  for (const each of [book, replica, await open()]) assert.deepEqual(kidsOf(each), ids(one, late))
})

test('engines that share their own key may announce the same and different keys', async () => {
  const book = await open()
  const [shared, one, other] = [newKey(), newKey(), newKey()]
  for (const keys of [
    [shared, one],
    [shared, other],
  ])
    assert.equal(await book.announce(said(engines['a']!, keys)), undefined)
  assert.deepEqual(kidsOf(book), ids(shared, one, other))
})

test('an engine that is no longer in the bundle has no keys, at once', async () => {
  const book = await open()
  const key = newKey()
  await book.announce(said(engines['a']!, [key]))
  engines = {}
  assert.deepEqual(kidsOf(book), [])
})

test('an engine cannot shorten or lengthen the life of another’s keys', async () => {
  const book = await open()
  const key = newKey()
  engines['b'] = newKey()
  await book.announce(said(engines['a']!, [key], hourMs))
  assert.equal(await book.announce(said(engines['b'], [key], 1_000)), undefined)
  clock.advance(1_000)
  assert.deepEqual(kidsOf(book), ids(key))
})

test('an older announcement changes nothing, and one of another time is refused', async () => {
  const book = await open()
  const [former, next] = [newKey(), newKey()]
  const early = said(engines['a']!, [former])
  clock.advance(1_000)
  await book.announce(said(engines['a']!, [former], 1_000))
  await book.announce(said(engines['a']!, [next]))
  assert.equal(await book.announce(early), undefined)
  clock.advance(1_000)
  assert.deepEqual(kidsOf(book), ids(next))
  clock.advance(60_000)
  assert.match((await book.announce(early)) ?? '', /do the clocks agree/)
  clock.advance(-3 * 60_000)
  assert.match((await book.announce(early)) ?? '', /do the clocks agree/)
})

test('keys for longer than a day, and more than there is room for, are refused', async () => {
  const book = await open()
  assert.match((await book.announce(said(engines['a']!, [newKey()], 26 * hourMs))) ?? '', /a day at most/)
  const announceFour = async (name: string): Promise<string | undefined> =>
    book.announce(said(engines[name]!, [newKey(), newKey(), newKey(), newKey()]))
  for (let count = 0; count < 64; count += 4) assert.equal(await announceFour('a'), undefined)
  assert.match((await announceFour('a')) ?? '', /at most 64 at once of an engine/)
  engines['b'] = newKey()
  assert.equal(await announceFour('b'), undefined)
})
