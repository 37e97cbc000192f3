import assert from 'node:assert/strict'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'

import { digestArguments } from '@cordon/tokens'

import { manualTimers } from '../../proxy/manual-timers.ts'
import { proofOf } from './agent.ts'
import { type Gateway, openGateway } from './gateway.ts'
import { listen, type ToolServer } from './tool-server.ts'

// The attacker has an older token of the session that has not expired, without the key, and knows the id of the agent's MCP session (2025-11-25).

interface Sent {
  readonly method: 'GET' | 'POST'
  readonly token: string
  readonly mcpSession?: string
  readonly message?: { readonly method: string; readonly params: object }
  /** Without one the request has no proof, as the attacker cannot make one. */
  readonly isProved?: boolean
}

/** @returns the answer as soon as it begins: a stream goes on */
const send = async (gateway: Gateway, sent: Sent): Promise<IncomingMessage> => {
  const { method, token, mcpSession, message, isProved = true } = sent
  const mcp = message && { method: message.method, content_s256: digestArguments(message.params) }
  const headers = {
    authorization: `DPoP ${token}`,
    ...(isProved && { dpop: proofOf(gateway, { token, key: gateway.holder, proof: { htm: method, mcp } }) }),
    accept: 'application/json, text/event-stream',
    ...(message && { 'content-type': 'application/json' }),
    'mcp-protocol-version': '2025-11-25',
    ...(mcpSession !== undefined && { 'mcp-session-id': mcpSession }),
  }
  return new Promise((resolve, reject) => {
    const to = {
      host: '127.0.0.1',
      port: gateway.portOf(),
      path: '/mcp/files',
      method,
      headers,
      agent: false,
    }
    httpRequest(to, resolve)
      .once('error', reject)
      .end(message && JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }))
  })
}

const ping = { method: 'ping', params: {} }
const initialize = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'agent', version: '1' } },
}

/** A server with sessions that has nothing to say. */
const openTalker = async (context: TestContext): Promise<ToolServer> => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      return
    }
    const { id, method } = JSON.parse(await text(request)) as {
      readonly id?: number
      readonly method: string
    }
    const result =
      method === 'initialize' ? { ...initialize.params, serverInfo: { name: 'talker', version: '1' } } : {}
    response.writeHead(id === undefined ? 202 : 200, {
      'content-type': 'application/json',
      'mcp-session-id': 'upstream',
    })
    response.end(id === undefined ? '' : JSON.stringify({ jsonrpc: '2.0', id, result }))
  }
  const url = await listen(context, (request, response) => void answer(request, response))
  return { url: `${url}/mcp`, acted: [], refused: [], tokens: [] }
}

test('rejects an older token, shown without a proof, whose end would close the streams of the agent', async context => {
  const gateway = await openGateway(context, openTalker, manualTimers())
  const seconds = Math.floor(gateway.clock.now() / 1000)
  const older = gateway.token({ iat: seconds - 200, exp: seconds + 100 })
  const token = gateway.token()
  const opened = (await send(gateway, { method: 'POST', token, message: initialize })).resume()
  const mcpSession = String(opened.headers['mcp-session-id'])
  const stream = (await send(gateway, { method: 'GET', token, mcpSession })).resume()
  assert.equal(stream.statusCode, 200)
  let isOpen = true
  stream.once('close', () => {
    isOpen = false
  })

  const stolen = { method: 'POST', token: older, mcpSession, message: ping, isProved: false } as const
  assert.equal((await send(gateway, stolen)).resume().statusCode, 401)
  gateway.clock.advance(101_000)
  gateway.tellChanged()
  // What the proxy asks and does because of that is over before these are answered.
  for (let round = 0; round < 5; round += 1) {
    const answer = await send(gateway, { method: 'POST', token, mcpSession, message: ping })
    for await (const _bytes of answer);
    assert.equal(answer.statusCode, 200)
  }
  assert.ok(isOpen, 'expected the stream to go on, got its end')

  gateway.clock.advance(200_000)
  gateway.tellChanged()
  await new Promise(resolve => stream.once('close', resolve))
})
