import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  digestArguments,
  generateDownstreamSecret,
  generateSigningKeyPem,
  openDownstreamKey,
  openSigningKey,
} from '@cordon/tokens'

import { readFile } from './agent.ts'
import { issuedBy, openCallTokenWorld, readFileCall, showToken } from './call-tokens.ts'
import { type Claims, repeating } from './crafted.ts'
import { issuer, openGateway } from './gateway.ts'
import { openToolServer } from './tool-server.ts'

// The attacker reaches the tool server itself, going around the proxy, with whatever it could get hold of.

test('rejects going around the proxy: no token, and the agent’s own', async context => {
  const world = await openCallTokenWorld(context)
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
  const status = await showToken(url, tokens.at(-1) ?? '')
  assert.deepEqual([status, gateway.server.refused.at(-1)], [401, 'TOKEN_SPENT'])
})

test('rejects a downstream token at another server', async context => {
  const world = await openCallTokenWorld(context)
  for (const aud of ['urn:cordon:server:mail', ['urn:cordon:server:files', 'urn:cordon:server:mail']])
    await world.rejects(world.token({ aud }), Array.isArray(aud) ? 'CLAIMS_MALFORMED' : 'AUDIENCE_REFUSED')
})

test('rejects a downstream token that is used twice', async context => {
  const world = await openCallTokenWorld(context)
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
  const world = await openCallTokenWorld(context)
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
  const status = await showToken(restarted.url, token)
  assert.deepEqual([status, restarted.acted, restarted.refused], [401, [], ['ISSUED_BEFORE_START']])
})

test('rejects a used downstream token after the clock was set back', async context => {
  const world = await openCallTokenWorld(context)
  const token = world.token()
  await world.accepts(token)
  world.clock.advance(61_000)
  await world.accepts(world.token())
  world.clock.advance(-61_000)
  await world.rejects(token, 'TOKEN_SPENT')
})

test('rejects a downstream token with other arguments', async context => {
  const world = await openCallTokenWorld(context)
  for (const args of [{ path: '/b' }, {}, { path: '/a', mode: 'w' }, null])
    await world.rejects(world.token(), 'ARGUMENTS_REFUSED', {
      ...readFileCall,
      params: { name: readFile.tool, arguments: args },
    })
})

test('rejects a downstream token with another tool', async context => {
  const world = await openCallTokenWorld(context)
  const params = { name: 'write_file', arguments: readFile.arguments }
  await world.rejects(world.token(), 'TOOL_REFUSED', { ...readFileCall, params })
})

test('rejects a downstream token for another method', async context => {
  const world = await openCallTokenWorld(context)
  const listing = { mcp: { method: 'tools/list' } }
  await world.rejects(world.token(listing), 'METHOD_REFUSED')
  await world.rejects(world.token(listing), 'METHOD_REFUSED', {
    ...readFileCall,
    method: 'completion/complete',
  })
})

test('rejects inputResponses, requestState and a task that the call’s own token does not name', async context => {
  const world = await openCallTokenWorld(context)
  const params = readFileCall['params'] as Claims
  for (const rest of [
    { inputResponses: { sure: { action: 'accept' } } },
    { requestState: 'forged' },
    { task: { ttl: 60_000 } },
  ]) {
    await world.rejects(world.token(), 'REST_REFUSED', { ...readFileCall, params: { ...params, ...rest } })
    const mcp = { ...(world.claims()['mcp'] as Claims), rest_s256: digestArguments({ requestState: 'mine' }) }
    await world.rejects(world.token({ mcp }), 'REST_REFUSED', {
      ...readFileCall,
      params: { ...params, ...rest },
    })
  }
})

test('rejects another answer, and an answer to another question, with the token of one', async context => {
  const world = await openCallTokenWorld(context)
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
  const world = await openCallTokenWorld(context)
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
  const world = await openCallTokenWorld(context)
  const params = repeating(readFileCall['params'] as Claims, 'arguments', { path: '/a' })
  const text = JSON.stringify(readFileCall).replace(
    JSON.stringify(readFileCall['params']),
    params.replace('/a', '/b'),
  )
  await world.rejects(world.token(), 'BODY_MALFORMED', text)
})

test('rejects an expired downstream token', async context => {
  const world = await openCallTokenWorld(context)
  const token = world.token()
  world.clock.advance(60_000)
  await world.rejects(token, 'EXPIRED')
})

test('rejects a downstream token that lives longer than a minute', async context => {
  const world = await openCallTokenWorld(context)
  await world.rejects(world.token({ exp: Number(world.claims()['iat']) + 61 }), 'LIFE_TOO_LONG')
})

test('rejects a downstream token of the future', async context => {
  const world = await openCallTokenWorld(context)
  const iat = Number(world.claims()['iat'])
  await world.accepts(world.token({ iat: iat + 5, exp: iat + 65 }))
  await world.rejects(world.token({ iat: iat + 6, exp: iat + 66 }), 'ISSUED_IN_FUTURE')
})

test('rejects a downstream token of another deployment', async context => {
  const world = await openCallTokenWorld(context)
  await world.rejects(world.token({ iss: issuer }), 'ISSUER_REFUSED')
})

test('rejects a downstream token that no engine signed', async context => {
  const world = await openCallTokenWorld(context)
  const own = openDownstreamKey(generateDownstreamSecret())
  await world.rejects(world.token({}, {}, own), 'SIGNATURE_WRONG')
  await world.rejects(world.token({}, { kid: own.keyId }, own), 'KEY_UNKNOWN')
})

test('rejects a downstream token of alg none, and every other', async context => {
  const world = await openCallTokenWorld(context)
  for (const alg of ['none', 'HS256', 'ES256', 'Ed25519'])
    await world.rejects(world.token({}, { alg }), 'ALGORITHM_REFUSED')
})

test('rejects a downstream token with a key brought along, or with crit', async context => {
  const world = await openCallTokenWorld(context)
  for (const header of [{ jwk: world.key.publicJwk }, { jku: 'https://attacker.example' }, { crit: ['exp'] }])
    await world.rejects(world.token({}, header), 'HEADER_PARAMETER_REFUSED')
})

test('rejects typ values swapped: every other kind of token at the tool server', async context => {
  const world = await openCallTokenWorld(context)
  for (const typ of ['at+jwt', 'dpop+jwt', 'statuslist+jwt', 'JWT', undefined])
    await world.rejects(world.token({}, { typ }), 'TYPE_REFUSED')
})

test('rejects an engine’s key that is of another algorithm', async context => {
  const world = await openCallTokenWorld(context)
  const other = await openSigningKey(generateSigningKeyPem())
  world.published.keys = [world.key.publicJwk, other.publicJwk]
  await world.rejects(world.token({}, { kid: other.keyId }), 'ALGORITHM_REFUSED')
})

test('rejects a key that engines withdrew, after 5 minutes at most', async context => {
  const world = await openCallTokenWorld(context)
  await world.accepts(world.token())
  world.published.keys = [openDownstreamKey(generateDownstreamSecret()).publicJwk]
  world.clock.advance(300_000)
  await world.rejects(world.token(), 'KEY_UNKNOWN')
})

test('a tool server follows a rotation of keys while calls come in', async context => {
  const world = await openCallTokenWorld(context)
  await world.accepts(world.token())
  const next = openDownstreamKey(generateDownstreamSecret())
  world.published.keys = [world.key.publicJwk, next.publicJwk]
  world.clock.advance(10_000)
  const fresh = [1, 2, 3].map(() => world.token({}, { kid: next.keyId }, next))
  const told = await Promise.all([...fresh, world.token()].map(async token => world.send(token)))
  assert.deepEqual(told, [200, 200, 200, 200])
})
