import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'

import { givenPort, preferredPort } from './stack-ports.ts'

test('a port that is in use: another is taken and said where it was a preference, none where it was a wish', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const said: string[] = []
  const portFor = preferredPort(({ part, text }) => said.push(`${part}: ${text}`))
  const taken = await portFor('proxy', port)
  assert.deepEqual(said, [`proxy: port ${port} is in use, taking ${taken}`])
  await portFor('identity', undefined)
  assert.equal(said.length, 1)
  await assert.rejects(givenPort(port), { code: 'PORT_UNUSABLE' })
})
