import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test, type TestContext } from 'node:test'

import {
  createStatusList,
  digestArguments,
  type DownstreamKey,
  generateDownstreamSecret,
  generateSigningKeyPem,
  openDownstreamKey,
  openSigningKey,
  signStatusList,
  type SigningKey,
} from '@cordon/tokens'
import { createReceiver } from '@cordon/tokens/receiver'

import { readFile } from './agent.ts'
import { type Claims, craft, es256, repeating, type Signer } from './crafted.ts'
import { actorOf, alicesSession, issuer, openGateway } from './gateway.ts'
import { listen, openToolServer, type ToolServer } from './tool-server.ts'

// The attacker reaches the tool server itself, going around the proxy, with whatever it could get hold of.

const issuedBy = `${issuer}/engines`
const lists = `${issuer}/status/`

interface World {
  readonly clock: { now(): number; advance(milliseconds: number): void }
  readonly key: DownstreamKey
  readonly server: ToolServer
  /** The keys that engines publish. */
  readonly published: { keys: readonly unknown[] }
  /** @param payload text as it is */
  token(change?: Claims | string, header?: Claims, signer?: Signer): string
  claims(): Claims
  send(token: string, message?: Claims | string): Promise<number>
  rejects(token: string, reason: string, message?: Claims | string): Promise<void>
  accepts(token: string): Promise<void>
}

const call: Claims = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: readFile.tool, arguments: readFile.arguments },
}

const openWorld = async (
  context: TestContext,
  statusUrl?: string,
  identityKey?: SigningKey,
): Promise<World> => {
  let now = 1_800_000_000_000
  const clock = {
    now: () => now,
    advance: (milliseconds: number) => {
      now += milliseconds
    },
  }
  const key = openDownstreamKey(generateDownstreamSecret())
  const published: World['published'] = { keys: [key.publicJwk] }
  const url = await listen(context, (_request, response) => response.end(JSON.stringify(published)))
  const server = await openToolServer(context, {
    server: 'files',
    issuer: issuedBy,
    keys: { url },
    clock,
    statusList:
      statusUrl === undefined || identityKey === undefined
        ? 'none'
        : { url: statusUrl, issuer, keys: { keys: [identityKey.publicJwk] } },
  })

  const claims = (): Claims => ({
    iss: issuedBy,
    aud: 'urn:cordon:server:files',
    sub: 'alice',
    act: actorOf('agent-7'),
    sid: alicesSession,
    txn: 'work-1',
    jti: randomUUID(),
    iat: Math.floor(now / 1000),
    exp: Math.floor(now / 1000) + 60,
    mcp: { method: 'tools/call', tool: readFile.tool, args_s256: digestArguments(readFile.arguments) },
    status: { status_list: { idx: 7, uri: statusUrl === undefined ? `${lists}0` : `${statusUrl}/0` } },
  })

  const world: World = {
    clock,
    key,
    server,
    published,
    claims,
    token: (change = {}, header = {}, signer = key) =>
      craft(
        { typ: 'cordon-call+jwt', alg: 'EdDSA', kid: key.keyId, ...header },
        typeof change === 'string' ? change : { ...claims(), ...change },
        signer,
      ),
    send: async (token, message = call) => {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: typeof message === 'string' ? message : JSON.stringify(message),
      })
      await response.text()
      return response.status
    },
    rejects: async (token, reason, message) => {
      const before = server.acted.length
      const status = await world.send(token, message)
      assert.ok(status >= 400, `expected a refusal, got ${status}`)
      assert.deepEqual([server.acted.length, server.refused.at(-1)], [before, reason])
    },
    accepts: async token => {
      const status = await world.send(token)
      assert.equal(status, 200, server.refused.at(-1) ?? '')
    },
  }
  return world
}

test('rejects going around the proxy: no token, and the agent’s own', async context => {
  const world = await openWorld(context)
  await world.accepts(world.token())
  await world.rejects('', 'TOKEN_ABSENT')
  const gateway = await openGateway(context)
  await world.rejects(gateway.token(), 'ALGORITHM_REFUSED')
})

test('the agent’s token is never passed on, and what is passed on is spent', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  await gateway.accepts({ token })
  const { tokens, url } = gateway.server
  assert.ok(tokens.length > 0 && !tokens.includes(token))
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.at(-1)}` },
    body: JSON.stringify(call),
  })
  assert.deepEqual([response.status, gateway.server.refused.at(-1)], [401, 'TOKEN_SPENT'])
})

test('rejects a downstream token at another server', async context => {
  const world = await openWorld(context)
  for (const aud of ['urn:cordon:server:mail', ['urn:cordon:server:files', 'urn:cordon:server:mail']])
    await world.rejects(world.token({ aud }), Array.isArray(aud) ? 'CLAIMS_MALFORMED' : 'AUDIENCE_REFUSED')
})

test('rejects a downstream token that is used twice', async context => {
  const world = await openWorld(context)
  const token = world.token()
  await world.accepts(token)
  await world.rejects(token, 'TOKEN_SPENT')
  const both = await Promise.all([1, 2, 3].map(async () => world.send(world.token({ jti: 'same' }))))
  assert.deepEqual(
    both.toSorted((one, other) => one - other),
    [200, 401, 401],
  )
})

test('rejects a used downstream token after the tool server was restarted', async context => {
  const world = await openWorld(context)
  const token = world.token()
  await world.accepts(token)
  world.clock.advance(1_000)
  const restarted = await openToolServer(context, {
    server: 'files',
    issuer: issuedBy,
    keys: { keys: world.published.keys },
    statusList: 'none',
    clock: world.clock,
  })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const { status } = await fetch(restarted.url, { method: 'POST', headers, body: JSON.stringify(call) })
  assert.deepEqual([status, restarted.acted, restarted.refused], [401, [], ['ISSUED_BEFORE_START']])
})

test('rejects a used downstream token after the clock was set back', async context => {
  const world = await openWorld(context)
  const token = world.token()
  await world.accepts(token)
  world.clock.advance(61_000)
  await world.accepts(world.token())
  world.clock.advance(-61_000)
  await world.rejects(token, 'TOKEN_SPENT')
})

test('rejects a downstream token with other arguments', async context => {
  const world = await openWorld(context)
  for (const args of [{ path: '/b' }, {}, { path: '/a', mode: 'w' }, null])
    await world.rejects(world.token(), 'ARGUMENTS_REFUSED', {
      ...call,
      params: { name: readFile.tool, arguments: args },
    })
})

test('rejects a downstream token with another tool', async context => {
  const world = await openWorld(context)
  const params = { name: 'write_file', arguments: readFile.arguments }
  await world.rejects(world.token(), 'TOOL_REFUSED', { ...call, params })
})

test('rejects a downstream token for another method', async context => {
  const world = await openWorld(context)
  const listing = { mcp: { method: 'tools/list' } }
  await world.rejects(world.token(listing), 'METHOD_REFUSED')
  await world.rejects(world.token(listing), 'METHOD_REFUSED', { ...call, method: 'completion/complete' })
})

test('rejects inputResponses, requestState and a task that the call’s own token does not name', async context => {
  const world = await openWorld(context)
  const params = call['params'] as Claims
  for (const rest of [
    { inputResponses: { sure: { action: 'accept' } } },
    { requestState: 'forged' },
    { task: { ttl: 60_000 } },
  ]) {
    await world.rejects(world.token(), 'REST_REFUSED', { ...call, params: { ...params, ...rest } })
    const mcp = { ...(world.claims()['mcp'] as Claims), rest_s256: digestArguments({ requestState: 'mine' }) }
    await world.rejects(world.token({ mcp }), 'REST_REFUSED', { ...call, params: { ...params, ...rest } })
  }
})

test('rejects another answer, and an answer to another question, with the token of one', async context => {
  const world = await openWorld(context)
  const mine = { id: 7, result: { action: 'decline' } }
  const token = () => world.token({ mcp: { method: 'answer', content_s256: digestArguments(mine) } })
  assert.equal(await world.send(token(), { jsonrpc: '2.0', ...mine }), 200)
  for (const forged of [
    { id: 7, result: { action: 'accept' } },
    { id: 8, result: { action: 'decline' } },
    { id: 7, error: { code: -1, message: 'cancelled' } },
  ])
    await world.rejects(token(), 'CONTENT_REFUSED', { jsonrpc: '2.0', ...forged })
})

test('rejects another resource with the token of a subscription', async context => {
  const world = await openWorld(context)
  const subscribe = (uri: string): Claims => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'resources/subscribe',
    params: { uri, _meta: { progressToken: 1 } },
  })
  const mcp = { method: 'resources/subscribe', content_s256: digestArguments({ uri: 'file:///mine' }) }
  assert.equal(await world.send(world.token({ mcp }), subscribe('file:///mine')), 200)
  await world.rejects(world.token({ mcp }), 'CONTENT_REFUSED', subscribe('file:///theirs'))
  const { content_s256: _content, ...unbound } = mcp
  await world.rejects(world.token({ mcp: unbound }), 'CONTENT_REFUSED', subscribe('file:///mine'))
})

test('rejects a body that says twice what is called', async context => {
  const world = await openWorld(context)
  const params = repeating(call['params'] as Claims, 'arguments', { path: '/a' })
  const text = JSON.stringify(call).replace(JSON.stringify(call['params']), params.replace('/a', '/b'))
  await world.rejects(world.token(), 'BODY_MALFORMED', text)
})

test('rejects an expired downstream token', async context => {
  const world = await openWorld(context)
  const token = world.token()
  world.clock.advance(60_000)
  await world.rejects(token, 'EXPIRED')
})

test('rejects a downstream token that lives longer than a minute', async context => {
  const world = await openWorld(context)
  await world.rejects(world.token({ exp: Number(world.claims()['iat']) + 61 }), 'LIFE_TOO_LONG')
})

test('rejects a downstream token of the future', async context => {
  const world = await openWorld(context)
  const iat = Number(world.claims()['iat'])
  await world.accepts(world.token({ iat: iat + 5, exp: iat + 65 }))
  await world.rejects(world.token({ iat: iat + 6, exp: iat + 66 }), 'ISSUED_IN_FUTURE')
})

test('rejects a downstream token of another deployment', async context => {
  const world = await openWorld(context)
  await world.rejects(world.token({ iss: issuer }), 'ISSUER_REFUSED')
})

test('rejects a downstream token that no engine signed', async context => {
  const world = await openWorld(context)
  const own = openDownstreamKey(generateDownstreamSecret())
  await world.rejects(world.token({}, {}, own), 'SIGNATURE_WRONG')
  await world.rejects(world.token({}, { kid: own.keyId }, own), 'KEY_UNKNOWN')
})

test('rejects a downstream token of alg none, and every other', async context => {
  const world = await openWorld(context)
  for (const alg of ['none', 'HS256', 'ES256', 'Ed25519'])
    await world.rejects(world.token({}, { alg }), 'ALGORITHM_REFUSED')
})

test('rejects a downstream token with a key brought along, or with crit', async context => {
  const world = await openWorld(context)
  for (const header of [{ jwk: world.key.publicJwk }, { jku: 'https://attacker.example' }, { crit: ['exp'] }])
    await world.rejects(world.token({}, header), 'HEADER_PARAMETER_REFUSED')
})

test('rejects typ values swapped: every other kind of token at the tool server', async context => {
  const world = await openWorld(context)
  for (const typ of ['at+jwt', 'dpop+jwt', 'statuslist+jwt', 'JWT', undefined])
    await world.rejects(world.token({}, { typ }), 'TYPE_REFUSED')
})

test('rejects an engine’s key that is of another algorithm', async context => {
  const world = await openWorld(context)
  const other = await openSigningKey(generateSigningKeyPem())
  world.published.keys = [world.key.publicJwk, other.publicJwk]
  await world.rejects(world.token({}, { kid: other.keyId }), 'ALGORITHM_REFUSED')
})

test('rejects a key that engines withdrew, after 5 minutes at most', async context => {
  const world = await openWorld(context)
  await world.accepts(world.token())
  world.published.keys = [openDownstreamKey(generateDownstreamSecret()).publicJwk]
  world.clock.advance(300_000)
  await world.rejects(world.token(), 'KEY_UNKNOWN')
})

test('a tool server follows a rotation of keys while calls come in', async context => {
  const world = await openWorld(context)
  await world.accepts(world.token())
  const next = openDownstreamKey(generateDownstreamSecret())
  world.published.keys = [world.key.publicJwk, next.publicJwk]
  world.clock.advance(10_000)
  const fresh = [1, 2, 3].map(() => world.token({}, { kid: next.keyId }, next))
  const told = await Promise.all([...fresh, world.token()].map(async token => world.send(token)))
  assert.deepEqual(told, [200, 200, 200, 200])
})

// Status lists: the session ended, and the attacker shows the tool server that it did not.

interface Lists {
  readonly world: World
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
  const world = await openWorld(context, url, key)
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
