import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { test } from 'node:test'

import { openCallbackServer } from './callback-server.ts'

test('what is no address is not found, and ends no process: any page of the browser may ask for it', async context => {
  const server = await openCallbackServer({ state: 's', issuer: 'https://provider.example' })
  context.after(() => server.close())
  const { host, port } = new URL(server.redirectUri)
  for (const target of ['//', '//[', 'http://[/callback']) {
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    socket.end(`GET ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    assert.match(await readText(socket), /^HTTP\/1\.1 404 /, target)
  }
})
