import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { repairConnections } from './connection-repairs.ts'
import { allRepairs } from './kafkajs-repairs.ts'
import type { KafkaJsRepairs } from './kafkajs-repairs.ts'

interface Connection {
  connect(): Promise<boolean>
  disconnect(): Promise<boolean>
  isConnected(): boolean
  send(request: object): Promise<Buffer>
}

const require = createRequire(import.meta.url)
const KafkaJsConnection = require('kafkajs/src/network/connection') as new (options: object) => Connection

const silent = { debug() {}, info() {}, warn() {}, error() {}, namespace: () => silent }
const empty = { buf: Buffer.alloc(0), buffer: Buffer.alloc(0) }
const request = {
  request: { apiKey: 18, apiName: 'ApiVersions', apiVersion: 0, encode: () => empty },
  response: {
    decode: (payload: Buffer) => ({ payload }),
    parse: ({ payload }: { payload: Buffer }) => payload,
  },
}

/** A response frame: length, correlation id, payload. */
const frame = (correlationId: number, payload: string): Buffer => {
  const bytes = Buffer.alloc(8 + payload.length)
  bytes.writeInt32BE(4 + payload.length)
  bytes.writeInt32BE(correlationId, 4)
  bytes.write(payload, 8)
  return bytes
}

const given = async (
  t: TestContext,
  repairs: Partial<KafkaJsRepairs>,
  onRequest: (socket: Socket, correlationId: number) => void,
) => {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => {})
    // length 4, api key 2, version 2, then the correlation id
    socket.on('data', bytes => onRequest(socket, bytes.readInt32BE(8)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  let opened = 0
  const { port } = server.address() as AddressInfo
  const socketFactory = ({ onConnect }: { onConnect: () => void }) => {
    opened += 1
    return connect({ host: '127.0.0.1', port }, onConnect)
  }
  repairConnections(socketFactory, { ...allRepairs, ...repairs })
  const connection = new KafkaJsConnection({
    host: '127.0.0.1',
    port,
    logger: silent,
    clientId: 'test',
    requestTimeout: 500,
    connectionTimeout: 1000,
    socketFactory,
  })
  t.after(async () => {
    await connection.disconnect()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { connection, opened: () => opened }
}

const collectWarnings = (t: TestContext): Error[] => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => void warnings.push(warning)
  process.on('warning', onWarning)
  t.after(() => process.off('warning', onWarning))
  return warnings
}

// In this order: Node warns of it once per process.
for (const avoidNegativeTimers of [true, false]) {
  test(`${avoidNegativeTimers ? 'no timer runs' : 'unrepaired: a timer runs'} with a negative delay`, async t => {
    const warnings = collectWarnings(t)
    const answer = (socket: Socket, correlationId: number) => void socket.write(frame(correlationId, 'yes'))
    const { connection } = await given(t, { avoidNegativeTimers }, answer)
    await connection.connect()
    await connection.send(request)
    await sleep(10)
    assert.deepEqual(
      warnings.map(({ name }) => name),
      avoidNegativeTimers ? [] : ['TimeoutNegativeWarning'],
    )
  })
}

/** A connection that broke amid its first response and was opened anew. */
const brokenAmidResponse = async (t: TestContext, repairs: Partial<KafkaJsRepairs>) => {
  let broken = false
  const { connection } = await given(t, repairs, (socket, correlationId) => {
    const whole = frame(correlationId, 'whole response')
    if (broken) socket.write(whole)
    else socket.end(whole.subarray(0, 7))
    broken = true
  })
  await connection.connect()
  await assert.rejects(connection.send(request), { name: 'KafkaJSConnectionClosedError' })
  while (connection.isConnected()) await sleep(1)
  await connection.connect()
  return connection
}

test('a response that broke off does not spoil those after the reconnection', async t => {
  const connection = await brokenAmidResponse(t, {})
  assert.equal(String(await connection.send(request)), 'whole response')
})

test('unrepaired: a response that broke off spoils those after the reconnection', async t => {
  const connection = await brokenAmidResponse(t, { forgetBrokenResponses: false })
  await assert.rejects(connection.send(request), { name: 'KafkaJSRequestTimeoutError' })
})

const openedByThree = async (t: TestContext, repairs: Partial<KafkaJsRepairs>): Promise<number> => {
  const { connection, opened } = await given(t, repairs, () => {})
  await Promise.all([connection.connect(), connection.connect(), connection.connect()])
  return opened()
}

test('requests that find the connection broken share one socket', async t => {
  assert.equal(await openedByThree(t, {}), 1)
})

test('unrepaired: requests that find the connection broken open a socket each', async t => {
  assert.equal(await openedByThree(t, { shareReconnections: false }), 3)
})
