import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import type { Fault } from '../core/fault.ts'
import type { HttpAnswer } from '../ports.ts'
import { createHttpServers } from './http-servers.ts'

/** Asks a server that does with the connection what the test says. */
const ask = async (context: TestContext, answer: (socket: Socket) => void): Promise<HttpAnswer | Fault> => {
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.once('data', () => answer(socket))
    context.after(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const servers = createHttpServers(1_000)
  context.after(() => {
    servers.close()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  return servers.send({
    server: { transport: 'http', url, headers: {} },
    method: 'POST',
    headers: {},
    body: '{}',
  }).answer
}

/**
 * @fault a tool server on HTTP answers with another protocol (status 101)
 * @behaviour -32011 at once: expected an answer, got another protocol
 * @counter none: `cordon_proxy_upstream_faults_total{kind="malformed"}`, as every answer that is none
 */
test('an answer that is another protocol is a fault, not a wait without end', async context => {
  const head = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'
  assert.deepEqual(await ask(context, socket => socket.write(head)), {
    kind: 'malformed',
    detail: 'expected an answer, got another protocol (status 101)',
  })
})

test('a server that hangs up without a word is a fault', async context => {
  const answer = await ask(context, socket => socket.end())
  assert.deepEqual(answer, { kind: 'unreachable', detail: 'expected to reach it, got ECONNRESET' })
})

/**
 * @fault a tool server on HTTP takes for ever for the body of an error
 * @behaviour given up 30 s after its head: expected the whole answer
 * @counter none: `cordon_proxy_upstream_faults_total{kind="timeout"}`, as every time-out
 */
test('a body that dribbles is given up', async context => {
  const answer = await ask(context, socket => {
    socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 100000\r\n\r\n')
    const dribble = setInterval(() => socket.write('x'), 20)
    socket.once('close', () => clearInterval(dribble))
  })
  assert.ok('status' in answer)
  assert.deepEqual(await answer.text(200), {
    kind: 'timeout',
    detail: 'expected the whole answer within 200 ms, got a part of it',
  })
})
