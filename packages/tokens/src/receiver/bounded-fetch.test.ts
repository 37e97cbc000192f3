import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import { fetchText } from './bounded-fetch.ts'

test('keys and status lists are read up to a bound, and no further', async t => {
  const server = createServer((_request, response) => response.end('x'.repeat(1_000)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const limits = { timeoutMs: 10_000, maxBytes: 1_000 }
  assert.equal((await fetchText(url, limits)).length, 1_000)
  await assert.rejects(fetchText(url, { ...limits, maxBytes: 999 }), {
    message: 'fetch: expected at most 999 bytes, got more',
  })
})
