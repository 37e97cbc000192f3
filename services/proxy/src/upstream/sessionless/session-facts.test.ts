import assert from 'node:assert/strict'
import { test } from 'node:test'

import { metaKey } from '../../core/era.ts'
import { isJsonObject, type JsonObject } from '../../core/json-rpc.ts'
import { openEndpointWorld } from '../../endpoint/endpoint-fixture.ts'
import { settled } from '../../session/session-fixture.ts'
import { lastOf, say } from '../link/link-fixture.ts'
import type { ToldLists } from './change-stream.ts'
import { createSessionFacts, type SessionFacts } from './session-facts.ts'

interface World {
  readonly facts: SessionFacts
  /** What the server was asked with. */
  readonly discovered: readonly JsonObject[]
  readonly started: readonly ToldLists[]
  readonly answer: (method: string, params: JsonObject) => Promise<JsonObject>
}

const open = (result: JsonObject = { capabilities: {} }): World => {
  const discovered: JsonObject[] = []
  const started: ToldLists[] = []
  const facts = createSessionFacts({
    changes: {
      start: lists => started.push(lists),
      subscribe: () => true,
      unsubscribe: () => undefined,
      lost: () => false,
    },
    discover(envelope) {
      discovered.push(envelope)
      return Promise.resolve({ kind: 'response', id: 'd', result, error: undefined })
    },
  })
  return {
    facts,
    discovered,
    started,
    async answer(method, params) {
      const said = await facts.answer(method, params)
      assert.ok(isJsonObject(said))
      return said
    },
  }
}

const problemOf = ({ error }: JsonObject): unknown => isJsonObject(error) && [error['code'], error['message']]

const large = 'x'.repeat(4 * 1024 * 1024)

test('of what a client says of itself its name and version are kept, however much it says', async () => {
  const { facts, answer, discovered } = open()
  const clientInfo = { name: 'desk', version: '1', title: large, icons: [{ src: large }] }
  const capabilities = { elicitation: { form: {} }, roots: { listChanged: true }, experimental: { a: {} } }
  assert.ok('result' in (await answer('initialize', { clientInfo, capabilities })))
  assert.deepEqual(
    [facts.envelope[metaKey.clientInfo], facts.envelope[metaKey.clientCapabilities]],
    [{ name: 'desk', version: '1' }, capabilities],
  )
  assert.deepEqual(discovered, [facts.envelope])
  await answer('initialize', { clientInfo: { name: large, version: large } })
  assert.deepEqual(facts.envelope[metaKey.clientInfo], { name: 'unnamed', version: '0' })
})

/**
 * @input an agent that declares capabilities of more than 8 Ki characters to a server that knows no sessions, or a log level that there is none
 * @behaviour refused with -32602, which says what is expected; nothing of it is kept, and its server is asked nothing
 * @counter none: `cordon_proxy_mcp_sessions_ended_total{why="initialize_failed"}` for an MCP session that could not begin
 */
test('capabilities that would fill memory and each request are refused, and nothing of them is kept', async () => {
  const { facts, answer, discovered } = open()
  const before = facts.envelope
  const refused = await answer('initialize', { clientInfo: {}, capabilities: { experimental: { large } } })
  assert.deepEqual(problemOf(refused), [
    -32_602,
    'params.capabilities: expected at most 8192 characters of JSON, got more',
  ])
  assert.deepEqual([facts.envelope, discovered], [before, []])
  // {"experimental":{"a":""}} has 25 characters.
  const fits = { experimental: { a: 'x'.repeat(8 * 1024 - 25) } }
  assert.ok('result' in (await answer('initialize', { capabilities: fits })))
  const oneMore = { experimental: { a: 'x'.repeat(8 * 1024 - 24) } }
  assert.ok('error' in (await answer('initialize', { capabilities: oneMore })))
})

test('a log level is one of those that MCP has, and anything else is refused', async () => {
  const { facts, answer } = open()
  assert.ok('result' in (await answer('logging/setLevel', { level: 'warning' })))
  for (const level of [large, { level: large }, undefined, 'WARNING']) {
    assert.deepEqual(problemOf(await answer('logging/setLevel', { level })), [
      -32_602,
      'params.level: expected one of debug, info, notice, warning, error, critical, alert, emergency, got another value',
    ])
    assert.equal(facts.envelope[metaKey.logLevel], 'warning')
  }
})

test('of what the server is able to, the lists whose changes it tells are kept', async () => {
  const { facts, answer, started } = open({
    capabilities: {
      tools: { listChanged: true },
      prompts: { listChanged: 1 },
      resources: {},
      more: { large },
    },
  })
  await answer('initialize', {})
  facts.start()
  assert.deepEqual(started, [{ toolsListChanged: true }])
})

test('an MCP session whose agent declares too much does not begin, and its agent is told why', async () => {
  const world = openEndpointWorld()
  const capabilities = { experimental: { large: 'x'.repeat(8 * 1024) } }
  const reply = await world.post({ id: 'init', method: 'initialize', params: { capabilities } })
  const data = { supported: ['2026-07-28'] }
  say(world.children[0]!, { id: 'init', error: { code: -32_022, message: 'Unsupported version', data } })
  await settled()
  assert.match(reply.answers[0]!.body, /-32602.*params\.capabilities: expected at most 8192 characters/)
  assert.equal(world.parts.sessions.size, 0)
  assert.equal(lastOf(world.children[0]!)['method'], 'initialize')
  assert.deepEqual(world.children[1]!.received, [])
})
