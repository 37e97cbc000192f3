import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'

import { findFreePort } from './free-port.ts'

test('a preferred port is taken where it is free, and another one where it is not', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  assert.notEqual(await findFreePort(port), port)
  server.close()
  await once(server, 'close')
  assert.equal(await findFreePort(port), port)
})

test('a port is given once', async () => {
  const port = await findFreePort()
  assert.notEqual(await findFreePort(port), port)
  const ports = await Promise.all(Array.from({ length: 50 }, () => findFreePort()))
  assert.equal(new Set(ports).size, 50)
})
