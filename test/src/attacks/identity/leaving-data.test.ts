import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { digestArguments } from '@cordon/tokens'

import { messageOf, readFile, type Shown } from './agent.ts'
import type { Claims } from './crafted.ts'
import { alicesSession, openGateway, type Gateway } from './gateway.ts'

// The hijacked agent has data, and wants it at a tool server: by what is no call, or by what a call says beside its arguments.

const _meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** A message that calls nothing. */
const saying = (method: string, content: Claims, more: Claims = {}): Partial<Shown> => ({
  body: JSON.stringify({
    jsonrpc: '2.0',
    ...(!method.startsWith('notifications/') && { id: 1 }),
    method,
    params: { ...content, _meta: { ..._meta, ...more } },
  }),
  headers: { 'mcp-method': method, 'mcp-name': '' },
  proof: { mcp: { method, content_s256: digestArguments(content) } },
})

const complete = async (gateway: Gateway, value: string): Promise<string> => {
  const content = { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value } }
  return (await gateway.ask(saying('completion/complete', content))).text
}

/** Five thousand bytes that somebody would like to have. */
const loot = 'x'.repeat(5_000)

/** Sends while the session is trusted, and while it may only read. */
const isStoppedByStanding = async (context: TestContext, shown: Partial<Shown>): Promise<void> => {
  const gateway = await openGateway(context)
  const before = await gateway.ask(shown)
  assert.ok(!before.text.includes('Cordon:'), before.text)
  gateway.engineOf().standings.set(alicesSession, 'read_only')
  const { text } = await gateway.ask(shown)
  assert.ok(text.includes('only use read-only tools'), text)
}

test('rejects data that leaves a session that may only read, as a cursor', context =>
  isStoppedByStanding(context, saying('tools/list', { cursor: loot })))

test('rejects data that leaves a session that may only read, as what it wants to hear of', context =>
  isStoppedByStanding(
    context,
    saying('subscriptions/listen', {
      notifications: { resourceSubscriptions: [1, 2, 3].map(uri => `x:${uri}${loot.slice(3_200)}`) },
    }),
  ))

test('rejects data that leaves a session that may only read, as what a client says of itself', context =>
  isStoppedByStanding(context, saying('prompts/list', {}, { loot })))

test('rejects data that leaves a session that may only read, in the headers of a list', context => {
  const listed = saying('tools/list', {})
  return isStoppedByStanding(context, { ...listed, headers: { ...listed.headers, tracestate: loot } })
})

test('rejects data that leaves a session that may only read, in the headers of a read', context =>
  isStoppedByStanding(context, { headers: { tracestate: loot } }))

test('rejects data that leaves a session that may only read, in the names of headers', context =>
  isStoppedByStanding(context, {
    headers: { [`mcp-param-${loot}`]: String(Object.values(readFile.arguments)[0]) },
  }))

test('rejects data that leaves a session that may only read, as what a client says of itself within a read', context => {
  const { params, ...message } = JSON.parse(messageOf()) as { params: Claims }
  const body = JSON.stringify({ ...message, params: { ...params, _meta: { ..._meta, loot } } })
  return isStoppedByStanding(context, { body })
})

test('rejects floods of data that leave in many small messages, by their size', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().standings.set(alicesSession, 'read_only')
  const texts: string[] = []
  for (let round = 0; round < 80; round += 1)
    texts.push((await gateway.ask(saying('tools/list', { cursor: 'x'.repeat(3_500) }))).text)
  assert.ok(texts.at(-1)?.includes('messages a second of one session'), texts.at(-1))
  await gateway.accepts()
})

test('rejects data that leaves a session that may only read, as completions', async context => {
  const gateway = await openGateway(context)
  assert.ok(!(await complete(gateway, 'a')).includes('error'))
  const { standings } = gateway.engineOf()
  standings.set(alicesSession, 'read_only')
  const text = await complete(gateway, 'a')
  assert.ok(text.includes('only use read-only tools'), text)
})

test('rejects floods of data that leave as completions, by their size', async context => {
  const gateway = await openGateway(context)
  const texts = []
  for (let round = 0; round < 8; round += 1) texts.push(await complete(gateway, 'x'.repeat(200_000)))
  assert.ok(texts.at(-1)?.includes('calls a second of one session'), texts.at(-1))
})

const initialize = (params: Claims): Partial<Shown> => {
  const content = { protocolVersion: '2025-11-25', capabilities: {}, ...params }
  return {
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: content }),
    headers: { 'mcp-protocol-version': '2025-11-25', 'mcp-method': '', 'mcp-name': '' },
    proof: { mcp: { method: 'initialize', content_s256: digestArguments(content) } },
  }
}

test('rejects data that leaves a session that may only read, as what a client says that it can', context =>
  isStoppedByStanding(
    context,
    initialize({ capabilities: { experimental: { loot } }, clientInfo: { name: 'desk', version: '1' } }),
  ))

test('of data in what a client says of itself before its first call nothing leaves', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().standings.set(alicesSession, 'read_only')
  const clientInfo = { name: 'desk', version: '1' }
  const { text } = await gateway.ask(initialize({ clientInfo: { ...clientInfo, description: loot } }))
  assert.ok(!text.includes('Cordon:'), text)
  const [, payload = ''] = gateway.server.tokens.at(-1)!.split('.')
  const { mcp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly mcp: Claims }
  const content = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
  assert.equal(mcp['content_s256'], digestArguments(content))
  assert.deepEqual(gateway.server.refused, [])
})

/** The agent makes a low read again, with an answer that is whatever it likes. */
const answerWithin = async (gateway: Gateway, value: string): Promise<string> => {
  const { params, ...message } = JSON.parse(messageOf()) as { params: object }
  const rest = { inputResponses: { question: { action: 'accept', content: { value } } } }
  const body = JSON.stringify({ ...message, params: { ...params, ...rest } })
  const args_s256 = digestArguments(readFile.arguments)
  const mcp = { server: 'files', tool: readFile.tool, args_s256, rest_s256: digestArguments(rest) }
  return (await gateway.ask({ body, proof: { mcp } })).text
}

test('rejects data that leaves a session that may only read, as answers within a read', async context => {
  const gateway = await openGateway(context)
  assert.ok(!(await answerWithin(gateway, 'a')).includes('isError":true'))
  const { standings } = gateway.engineOf()
  standings.set(alicesSession, 'read_only')
  const text = await answerWithin(gateway, 'a')
  assert.ok(text.includes('only use read-only tools'), text)
})

test('rejects floods of data that leave as answers within calls, by their size', async context => {
  const gateway = await openGateway(context)
  const texts = []
  for (let round = 0; round < 8; round += 1) texts.push(await answerWithin(gateway, 'x'.repeat(200_000)))
  assert.ok(texts.at(-1)?.includes('calls a second of one session'), texts.at(-1))
})
