import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { messageOf, proofOf } from './agent.ts'
import { openGateway } from './gateway.ts'

// The attacker is between agent and proxy, and looks for arguments that agent, proxy, engine and tool server read differently.

/** The message of a call, its arguments written by hand. */
const written = (args: string): string =>
  messageOf({ tool: 'read_file', arguments: {} }).replace('"arguments":{}', `"arguments":${args}`)

const call = (args: unknown) => ({ tool: 'read_file', arguments: args })

test('the order of members and the spelling of texts and numbers are no difference', async context => {
  const gateway = await openGateway(context)
  await gateway.accepts({ call: call({ path: '/a', n: 1 }), body: written('{"n":1,"path":"/a"}') })
  await gateway.accepts({ call: call({ path: '/a' }), body: written(String.raw`{ "path" : "\/\u0061" }`) })
  for (const one of ['1', '1.0', '1e0', '10e-1'])
    await gateway.accepts({ call: call({ n: 1 }), body: written(`{"n":${one}}`) })
})

test('rejects another number, however little it differs', async context => {
  const gateway = await openGateway(context)
  for (const [proven, sent] of [
    [1, '1.0000000000000002'],
    [0, '5e-324'],
    [1e21, '1000000000000000100000'],
    [9_007_199_254_740_992, '9007199254740994'],
    [1, '"1"'],
    [0, 'false'],
    [0, 'null'],
  ])
    await gateway.rejects({ call: call({ n: proven }), body: written(`{"n":${sent}}`) }, 'invalid_dpop_proof')
})

test('rejects a number that is another one as a double: a server that reads all digits acts on what nobody judged', async context => {
  const gateway = await openGateway(context)
  for (const [proven, sent] of [
    [9_007_199_254_740_992, '9007199254740993'],
    [12345678901234567000, '12345678901234567891'],
    [0.1, '0.1000000000000000055511151231257827'],
    [0, '1e-400'],
  ]) {
    const told = await gateway.ask({ call: call({ n: proven }), body: written(`{"n":${sent}}`) })
    assert.deepEqual(
      [told.text.includes('the same as a double'), gateway.server.acted],
      [true, []],
      told.text,
    )
  }
  for (const exact of ['0.1', '12.50', '1e23', '9007199254740994', '"9007199254740993"'])
    await gateway.accepts({
      call: call({ n: JSON.parse(exact) as unknown }),
      body: written(`{"n":${exact}}`),
    })
})

test('a refused number is on record with its proof, so that no call seems to be missing', async context => {
  const gateway = await openGateway(context)
  await gateway.ask({
    call: call({ n: 9_007_199_254_740_992 }),
    proof: { seq: 41 },
    body: written('{"n":9007199254740993}'),
  })
  const denied = gateway.engineOf().log.findLast(({ name }) => name === 'InvocationDenied')
  assert.ok(denied?.name === 'InvocationDenied')
  assert.deepEqual([denied.value.reason, denied.value.proofSequence], ['ARGUMENTS_INVALID', 41])
})

test('rejects a number beyond a double', async context => {
  const gateway = await openGateway(context)
  const told = await gateway.ask({ call: call({}), body: written('{"n":1e400}') })
  assert.deepEqual([told.text.includes('within a double'), gateway.server.acted], [true, []], told.text)
})

test('rejects another Unicode form of the same text', async context => {
  const gateway = await openGateway(context)
  const [composed, decomposed] = ['/\u00e9', '/e\u0301']
  const shown = { call: call({ path: composed }), body: written(JSON.stringify({ path: decomposed })) }
  await gateway.rejects(shown, 'invalid_dpop_proof')
  for (const invisible of ['\u200b', '\ufeff', '\u202e'])
    await gateway.rejects(
      { call: call({ path: '/a' }), body: written(JSON.stringify({ path: `/a${invisible}` })) },
      'invalid_dpop_proof',
    )
})

test('rejects half of a surrogate pair, which one reader replaces and the next one keeps', async context => {
  const gateway = await openGateway(context)
  const shown = { call: call({ path: '/\ufffd' }), body: written(String.raw`{"path":"/\ud800"}`) }
  const told = await gateway.ask(shown)
  assert.deepEqual([told.text.includes('well-formed'), gateway.server.acted], [true, []], told.text)
})

test('members are in the order of UTF-16, as RFC 8785 §3.2.3 has it', async context => {
  const gateway = await openGateway(context)
  // U+1F600 begins with a unit of 0xd83d, below U+FB33; by code points it would come after it.
  const [grin, dalet] = ['\u{1f600}', '\ufb33']
  const inOrder = `{"${grin}":2,"${dalet}":1}`
  const mcp = {
    server: 'files',
    tool: 'read_file',
    args_s256: createHash('sha256').update(inOrder).digest('base64url'),
  }
  await gateway.accepts({ proof: { mcp }, body: written(`{"${dalet}":1,"${grin}":2}`) })
})

test('rejects arguments that say a name twice', async context => {
  const gateway = await openGateway(context)
  for (const args of [
    '{"path":"/a","path":"/b"}',
    '{"path":"/b","path":"/a"}',
    String.raw`{"path":"/b","p\u0061th":"/a"}`,
  ]) {
    const told = await gateway.ask({ call: call({ path: '/a' }), body: written(args) })
    assert.deepEqual([told.status, gateway.server.acted], [400, []], told.text)
  }
})

test('rejects a message that says twice what is called', async context => {
  const gateway = await openGateway(context)
  for (const [once, twice] of [
    ['"name":"read_file"', '"name":"touch","name":"read_file"'],
    ['"method":"tools/call"', '"method":"tools/list","method":"tools/call"'],
  ] as const) {
    const told = await gateway.ask({ body: messageOf().replace(once, twice) })
    assert.deepEqual([told.status, gateway.server.acted], [400, []], told.text)
  }
})

test('rejects members that look like a prototype, unless they were proved', async context => {
  const gateway = await openGateway(context)
  const args = '{"__proto__":{"path":"/b"},"path":"/a"}'
  await gateway.rejects({ call: call({ path: '/a' }), body: written(args) }, 'invalid_dpop_proof')
  await gateway.rejects({ call: call({}), body: written('{"__proto__":{}}') }, 'invalid_dpop_proof')
  await gateway.accepts({ call: call(JSON.parse(args)), body: written(args) })
})

test('rejects oversized arguments', async context => {
  const gateway = await openGateway(context)
  const told = await gateway.ask({ call: call({ path: 'é'.repeat(525_000) }) })
  assert.deepEqual([told.text.includes('1048576 bytes'), gateway.server.acted], [true, []], told.text)
})

test('rejects arguments too large for the socket between proxy and engine, and says how large they are', async context => {
  const gateway = await openGateway(context)
  const told = await gateway.ask({ call: call({ path: 'a'.repeat(1_200_000) }) })
  assert.match(told.text, /may have 1048576 bytes, and the call has 12\d{5}\. \(ARGUMENTS_INVALID\)/)
  assert.deepEqual([told.status, gateway.server.acted], [200, []])
})

test('rejects an oversized body before it is judged', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token(), key: gateway.holder }
  const body = written(`{"path":"/a"}${' '.repeat(4 * 1024 * 1024)}`)
  const told = await gateway.ask({ ...shown, proofText: proofOf(gateway, shown), body })
  assert.deepEqual([told.status, gateway.server.acted], [413, []])
})

test('rejects a header that names another tool than the body', async context => {
  const gateway = await openGateway(context)
  const told = await gateway.ask({ headers: { 'mcp-name': 'touch' } })
  assert.deepEqual([told.status, gateway.server.acted], [400, []], told.text)
})

test('rejects a tool that the token does not grant, with a good proof of calling it', async context => {
  const gateway = await openGateway(context)
  const told = await gateway.ask({ call: { tool: 'write_file', arguments: { path: '/a' } } })
  assert.deepEqual([/not granted/.test(told.text), gateway.server.acted], [true, []], told.text)
})
