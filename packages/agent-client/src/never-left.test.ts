import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import { neverLeft } from './never-left.ts'

const failed = (cause: unknown): TypeError => new TypeError('fetch failed', { cause })
const fault = (code: string, syscall?: string): Error =>
  Object.assign(new Error(code), { code, ...(syscall !== undefined && { syscall }) })

const closedPort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

test('without a connection nothing was sent', async () => {
  const port = await closedPort()
  for (const url of [`http://127.0.0.1:${port}/`, 'http://nowhere.invalid/'])
    await assert.rejects(fetch(url), neverLeft)
  for (const code of ['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'])
    assert.ok(neverLeft(failed(fault(code, 'connect'))))
  assert.ok(neverLeft(failed(fault('UND_ERR_CONNECT_TIMEOUT'))))
})

test('nor where a name has several addresses, and none can be reached', async () => {
  const port = await closedPort()
  const error = await new Promise<Error>(resolve => {
    request({
      host: 'several.example',
      port,
      lookup: (_name, _options, done) =>
        done(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '::1', family: 6 },
        ]),
    })
      .on('error', resolve)
      .end()
  })
  assert.ok(error instanceof AggregateError)
  assert.ok(neverLeft(failed(error)))
})

test('a connection that ends when it stood may have sent the request, whatever the code', () => {
  for (const syscall of ['read', 'write'])
    for (const code of ['EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED', 'ECONNRESET'])
      assert.ok(!neverLeft(failed(fault(code, syscall))), `${syscall} ${code}`)
  for (const other of [failed(fault('UND_ERR_SOCKET')), failed(undefined), new Error('x'), 'x'])
    assert.ok(!neverLeft(other))
})
