import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { ClientNotificationSchema, ClientRequestSchema } from '@modelcontextprotocol/sdk/types.js'

import { connectOverHttp } from './agent.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld } from './proxy-world.ts'

const lenientServer = fileURLToPath(new URL('lenient-server.process.ts', import.meta.url))

interface LenientWorld extends ProxyWorld {
  readonly post: (message: object) => Promise<{ readonly status: number; readonly body: string }>
  /** The methods that the server was told since the last time, in its own reading. */
  readonly told: () => Promise<readonly string[]>
}

/** An MCP session with the lenient server, and an engine that refuses every call. */
const open = async (test: TestContext): Promise<LenientWorld> => {
  const world = await openProxyWorld(test, {
    lenient: { transport: 'stdio', command: process.execPath, args: [lenientServer], env: {} },
  })
  world.engine.refusedCalls.set('transfer', { reason: 'GATE_REFUSED', message: 'No.' })
  const { http } = await connectOverHttp(test, world.urlOf('lenient'), 'alice')
  const post: LenientWorld['post'] = async message => {
    const response = await fetch(world.urlOf('lenient'), {
      method: 'POST',
      headers: {
        authorization: 'DPoP alice',
        dpop: 'proof',
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-session-id': http!.sessionId!,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    })
    return { status: response.status, body: await response.text() }
  }
  let heard = 0
  const told: LenientWorld['told'] = async () => {
    const { body } = await post({ id: 'told', method: 'ping' })
    const { result } = JSON.parse(body) as { readonly result: { readonly told: readonly string[] } }
    const news = result.told.slice(heard, -1)
    heard = result.told.length
    return news
  }
  assert.deepEqual(await told(), ['initialize', 'notifications/initialized'])
  return { ...world, post, told }
}

const params = { name: 'transfer', arguments: { to: 'mallory' } }

/** Each is a call to the lenient server, if it gets there. */
const attacks: Readonly<
  Record<string, { readonly message: object; readonly status: number; readonly says: RegExp }>
> = {
  'a call': {
    message: { id: 1, method: 'tools/call', params },
    status: 200,
    says: /GATE_REFUSED/,
  },
  'a call without an id': { message: { method: 'tools/call', params }, status: 400, says: /-32601/ },
  'a call whose id is null': {
    message: { id: null, method: 'tools/call', params },
    status: 400,
    says: /-32600/,
  },
  'a call in capitals': {
    message: { id: 2, method: 'Tools/Call', params },
    status: 200,
    says: /"id":2.*-32601/,
  },
  'a call with a space after it': {
    message: { id: 3, method: 'tools/call ', params },
    status: 200,
    says: /-32601/,
  },
  'a ping that is a call in capitals': {
    message: { id: 4, method: 'ping', Method: 'tools/call', params },
    status: 400,
    says: /-32600.*members/,
  },
  'a notification that is a call in capitals': {
    message: { method: 'notifications/initialized', METHOD: 'tools/call', params },
    status: 400,
    says: /-32600.*members/,
  },
  'an answer that is a call in capitals': {
    message: { id: 5, result: {}, Method: 'tools/call', params },
    status: 400,
    says: /-32600.*members/,
  },
  'a call with a second name in capitals': {
    message: { id: 6, method: 'tools/call', params: { name: 'harmless', Name: 'transfer' } },
    status: 200,
    says: /-32602.*expected only name/,
  },
}

test('rejects every way to a tool around the engine', async context => {
  const { post, told, engine, telemetry } = await open(context)
  for (const [name, { message, status, says }] of Object.entries(attacks)) {
    await context.test(name, async () => {
      const answer = await post(message)
      assert.equal(answer.status, status)
      assert.match(answer.body, says)
      assert.deepEqual(await told(), [])
    })
  }
  assert.deepEqual(
    engine.calls.map(({ tool }) => tool),
    ['transfer'],
  )
  assert.match(await telemetry.metrics(), /cordon_proxy_requests_rejected_total\{cause="method_unknown"\} 3/)
})

const methodsOf = ({
  options,
}: {
  readonly options: readonly { readonly shape: { readonly method: { readonly value: string } } }[]
}): readonly string[] => options.map(({ shape }) => shape.method.value)

test('everything that the official client knows to say reaches the server', async context => {
  const { post, told } = await open(context)
  // A session is initialized once.
  const requests = methodsOf(ClientRequestSchema).filter(method => method !== 'initialize')
  for (const [id, method] of requests.entries()) {
    const { status, body } = await post({
      id,
      method,
      params: method === 'resources/read' ? { uri: 'any:' } : { name: 'any' },
    })
    assert.equal(status, 200, method)
    // No call of this MCP session goes on as a task.
    assert.match(body, method === 'tasks/result' ? /"error":.*the result of a call/ : /"result":/, method)
  }
  const notifications = methodsOf(ClientNotificationSchema)
  for (const method of notifications) assert.equal((await post({ method })).status, 202, method)
  const reached = [...requests, ...notifications].map(method => method.toLowerCase())
  assert.deepEqual(await told(), reached)
})
