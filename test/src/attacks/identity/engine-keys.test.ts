import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { issuer } from '@cordon/identity/fixtures/front'
import { type DownstreamKey, generateDownstreamSecret, openDownstreamKey } from '@cordon/tokens'

import { callClaims, callToken, issuedBy, showToken } from './call-tokens.ts'
import { type Claims, craft } from './crafted.ts'
import { openOutside, type Outside } from './outside.ts'
import { openToolServer, type ToolServer } from './tool-server.ts'

// The attacker wants a key of its own among those that tool servers take calls by, which identity publishes.

interface World {
  readonly outside: Outside
  readonly server: ToolServer
  /** Of the engine that the bundle names. */
  readonly own: DownstreamKey
  /** An announcement of that key; what a test says differs. */
  statement(key: DownstreamKey, change?: Claims, header?: Claims, signer?: DownstreamKey): string
  announce(statement: string): Promise<number>
  /** A call to the tool server, let through by whoever has this key. */
  call(key: DownstreamKey): Promise<number>
  useEngines(engines: Readonly<Record<string, DownstreamKey>>): void
}

const newKey = (): DownstreamKey => openDownstreamKey(generateDownstreamSecret())

const openWorld = async (context: TestContext): Promise<World> => {
  const outside = await openOutside(context)
  const { clock } = outside.identity
  const own = newKey()
  const useEngines: World['useEngines'] = engines =>
    outside.useBundle({
      engines: Object.fromEntries(
        Object.entries(engines).map(([name, { publicJwk }]) => [
          name,
          { kty: publicJwk.kty, crv: publicJwk.crv, x: publicJwk.x },
        ]),
      ),
    })
  useEngines({ a: own })
  const server = await openToolServer(context, {
    server: 'files',
    issuer: issuedBy,
    keys: { url: `${outside.front.url}/engines/jwks.json` },
    statusList: 'none',
    clock,
  })
  const seconds = (): number => Math.floor(clock.now() / 1000)
  return {
    outside,
    server,
    own,
    useEngines,
    statement: (key, change = {}, header = {}, signer = own) =>
      craft(
        { typ: 'cordon-engine-keys+jwt', alg: 'EdDSA', kid: own.keyId, ...header },
        {
          iss: issuedBy,
          aud: issuer,
          iat: seconds(),
          keys: [{ x: key.publicJwk.x, until: seconds() + 3_600 }],
          ...change,
        },
        signer,
      ),
    announce: async statement => {
      const told = await outside.post('/engines/keys', JSON.stringify({ statement }), {
        'content-type': 'application/json',
      })
      return told.status
    },
    call: key => showToken(server.url, callToken(key, callClaims(clock.now()))),
  }
}

/** The attacker's key came to nothing, and the engine's calls pass as before. */
const stays = async (world: World, statement: string, attacker: DownstreamKey): Promise<void> => {
  const engine = newKey()
  assert.equal(await world.announce(world.statement(engine)), 204)
  assert.equal(await world.announce(statement), 403)
  assert.equal(await world.call(attacker), 401)
  assert.equal(await world.call(engine), 200)
}

test('rejects keys announced by a stranger, whose own key no bundle names', async context => {
  const world = await openWorld(context)
  const attacker = newKey()
  await stays(world, world.statement(attacker, {}, { kid: attacker.keyId }, attacker), attacker)
})

test('rejects keys announced in the name of an engine, signed by somebody else', async context => {
  const world = await openWorld(context)
  const attacker = newKey()
  await stays(world, world.statement(attacker, {}, {}, attacker), attacker)
})

test('rejects keys announced with a call key: whoever got one of an hour would stay', async context => {
  const world = await openWorld(context)
  const [stolen, attacker] = [newKey(), newKey()]
  assert.equal(await world.announce(world.statement(stolen)), 204)
  await stays(world, world.statement(attacker, {}, { kid: stolen.keyId }, stolen), attacker)
})

test('rejects keys that an engine announced in another deployment', async context => {
  const world = await openWorld(context)
  const attacker = newKey()
  await stays(world, world.statement(attacker, { aud: 'https://other.example' }), attacker)
})

test('rejects another statement of an engine as an announcement of keys', async context => {
  const world = await openWorld(context)
  const attacker = newKey()
  await stays(world, world.statement(attacker, {}, { typ: 'cordon-call+jwt' }), attacker)
})

test('rejects an old announcement that brings a withdrawn key back', async context => {
  const world = await openWorld(context)
  const stolen = newKey()
  const old = world.statement(stolen)
  assert.equal(await world.announce(old), 204)
  const { clock } = world.outside.identity
  const until = Math.floor(clock.now() / 1000) + 10
  assert.equal(
    await world.announce(world.statement(stolen, { keys: [{ x: stolen.publicJwk.x, until }] })),
    204,
  )
  clock.advance(61_000)
  assert.equal(await world.announce(old), 403)
  assert.notEqual(await world.call(stolen), 200)
})

test('rejects an older announcement that was kept back: it changes nothing', async context => {
  const world = await openWorld(context)
  const stolen = newKey()
  const old = world.statement(stolen)
  const { clock } = world.outside.identity
  clock.advance(1_000)
  const until = Math.floor(clock.now() / 1000) + 10
  assert.equal(
    await world.announce(world.statement(stolen, { keys: [{ x: stolen.publicJwk.x, until }] })),
    204,
  )
  assert.equal(await world.announce(old), 204)
  clock.advance(10_000)
  assert.notEqual(await world.call(stolen), 200)
})

test('rejects the keys of an engine that left the bundle, however long it announced them for', async context => {
  const world = await openWorld(context)
  const key = newKey()
  assert.equal(await world.announce(world.statement(key)), 204)
  assert.equal(await world.call(key), 200)
  world.useEngines({ b: newKey() })
  world.outside.identity.clock.advance(300_000)
  assert.notEqual(await world.call(key), 200)
  assert.deepEqual(world.server.acted.length, 1)
})

test('rejects a key that is announced for longer than a day: nobody would have to ask again', async context => {
  const world = await openWorld(context)
  const attacker = newKey()
  const until = Math.floor(world.outside.identity.clock.now() / 1000) + 365 * 86_400
  await stays(world, world.statement(attacker, { keys: [{ x: attacker.publicJwk.x, until }] }), attacker)
})
