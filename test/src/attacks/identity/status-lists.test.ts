import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import {
  createStatusList,
  generateSigningKeyPem,
  openSigningKey,
  signStatusList,
  type SigningKey,
} from '@cordon/tokens'
import { createReceiver } from '@cordon/tokens/receiver'

import { type CallTokenWorld, issuedBy, openCallTokenWorld } from './call-tokens.ts'
import { type Claims, craft, es256 } from './crafted.ts'
import { issuer } from './gateway.ts'
import { listen } from './tool-server.ts'

// The session ended, and the attacker shows the tool server that it did not.

interface Lists {
  readonly world: CallTokenWorld
  readonly key: SigningKey
  /** What is served. */
  readonly served: { text: string }
  list(
    status: 'valid' | 'invalid' | 'suspended',
    change?: Claims,
    header?: Claims,
    signer?: SigningKey,
  ): string
}

const openLists = async (context: TestContext): Promise<Lists> => {
  const served = { text: '' }
  const url = await listen(context, (_request, response) => response.end(served.text))
  const key = await openSigningKey(generateSigningKeyPem())
  const world = await openCallTokenWorld(context, { url, key })
  const list: Lists['list'] = (status, change, header, signer = key) => {
    const statuses = createStatusList(1024)
    statuses.set(7, status)
    const text = signStatusList({
      issuer,
      uri: `${url}/0`,
      list: statuses,
      key: { ...signer, keyId: key.keyId },
      now: world.clock.now(),
      lifetimeSeconds: 2,
    })
    if (change === undefined && header === undefined) return text
    const [head = '', payload = ''] = text.split('.')
    const read = (part: string): Claims => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims
    return craft({ ...read(head), ...header }, { ...read(payload), ...change }, es256(signer.privateKey))
  }
  served.text = list('valid')
  await world.accepts(world.token())
  return { world, key, served, list }
}

/** What the tool server held has become old: it asks again. */
const served = async ({ world, served }: Lists, text: () => string, reason: string): Promise<void> => {
  world.clock.advance(10_000)
  served.text = text()
  await world.rejects(world.token(), reason)
}

test('rejects the call of a session that ended or is suspended, by the status list', async context => {
  const lists = await openLists(context)
  await served(lists, () => lists.list('invalid'), 'SESSION_INVALID')
  await served(lists, () => lists.list('suspended'), 'SESSION_SUSPENDED')
})

test('rejects a forged status list', async context => {
  const lists = await openLists(context)
  const stranger = await openSigningKey(generateSigningKeyPem())
  await served(lists, () => lists.list('valid', undefined, undefined, stranger), 'STATUS_UNKNOWN')
})

test('rejects a stale status list: it expired', async context => {
  const lists = await openLists(context)
  const old = lists.list('valid')
  await served(lists, () => old, 'STATUS_UNKNOWN')
})

test('rejects an older status list than the one that is held', async context => {
  const lists = await openLists(context)
  const old = lists.list('valid', { exp: lists.world.clock.now() / 1000 + 60 })
  lists.world.clock.advance(2_000)
  lists.served.text = lists.list('invalid')
  await lists.world.rejects(lists.world.token(), 'SESSION_INVALID')
  lists.world.clock.advance(2_000)
  lists.served.text = old
  await lists.world.rejects(lists.world.token(), 'SESSION_INVALID')
})

test('rejects a status list of the future, which nothing newer would replace', async context => {
  const lists = await openLists(context)
  const iat = lists.world.clock.now() / 1000 + 86_400
  await served(lists, () => lists.list('valid', { iat, exp: iat + 4 }), 'STATUS_UNKNOWN')
})

test('rejects the status list of another address', async context => {
  const lists = await openLists(context)
  await served(lists, () => lists.list('valid', { sub: `${issuer}/status/1` }), 'STATUS_UNKNOWN')
})

test('rejects the status list of another issuer', async context => {
  const lists = await openLists(context)
  await served(lists, () => lists.list('valid', { iss: 'https://other.example' }), 'STATUS_UNKNOWN')
})

test('rejects another kind of token as a status list', async context => {
  const lists = await openLists(context)
  await served(lists, () => lists.list('valid', {}, { typ: 'at+jwt' }), 'STATUS_UNKNOWN')
})

test('rejects a token that sends the tool server to another address for its status', async context => {
  const { world } = await openLists(context)
  let asked = 0
  const elsewhere = await listen(context, (_request, response) => {
    asked += 1
    response.end('')
  })
  await world.rejects(
    world.token({ status: { status_list: { idx: 7, uri: `${elsewhere}/0` } } }),
    'STATUS_UNKNOWN',
  )
  assert.equal(asked, 0)
})

test('a tool server that says nothing of status lists does not start: sessions would never end for it', () => {
  const options = { server: 'files', issuer: issuedBy, keys: { keys: [] } }
  assert.throws(() => createReceiver(options as unknown as Parameters<typeof createReceiver>[0]), {
    code: 'STATUS_LIST_UNSAID',
  })
})
