import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { parseServers } from '@cordon/proxy'

import { unstartableServers } from './unstartable-servers.ts'

const detailsOf = async (servers: object, path: string): Promise<Readonly<Record<string, string>>> => {
  const found = await unstartableServers(parseServers(JSON.stringify(servers), 'servers'), path)
  return Object.fromEntries(found.map(({ server, detail }) => [server, detail]))
}

test('a command that is not there, or may not be started, is told; where it is looked for is the proxy’s way', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-look-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'good'), '')
  chmodSync(join(folder, 'bin', 'good'), 0o755)
  writeFileSync(join(folder, 'plain'), '')
  chmodSync(join(folder, 'plain'), 0o644)
  const stdio = { transport: 'stdio', cwd: folder }
  const path = `/nowhere:${join(folder, 'bin')}`
  const servers = {
    found: { ...stdio, command: 'good' },
    file: { ...stdio, command: './bin/good' },
    ownPath: { ...stdio, command: 'good', env: { PATH: '/nowhere' } },
    missing: { ...stdio, command: 'nosuchcommand' },
    noFile: { ...stdio, command: './good' },
  }
  assert.deepEqual(await detailsOf(servers, path), {
    ownPath: 'expected its command to start, got ENOENT',
    missing: 'expected its command to start, got ENOENT',
    noFile: 'expected its command to start, got ENOENT',
  })
  assert.deepEqual(await detailsOf({ plain: { ...stdio, command: './plain' } }, path), {
    plain: 'expected its command to start, got EACCES',
  })
})

test('an address where nobody listens is told, and one where somebody does is sent nothing', async t => {
  const sent: Buffer[] = []
  const server = createServer(socket => socket.on('data', data => sent.push(data)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const closed = createServer()
  closed.listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const free = (closed.address() as AddressInfo).port
  closed.close()
  await once(closed, 'close')
  const found = await detailsOf(
    {
      there: { transport: 'http', url: `http://127.0.0.1:${port}/mcp` },
      gone: { transport: 'sse', url: `http://127.0.0.1:${free}/sse` },
    },
    '',
  )
  assert.deepEqual(found, { gone: 'expected to reach it, got ECONNREFUSED' })
  assert.deepEqual(sent, [])
})
