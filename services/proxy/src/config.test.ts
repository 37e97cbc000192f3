import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { SettingsError } from '@cordon/settings'

import { readConfig } from './config.ts'

const environmentWith = (test: TestContext, servers: string): Record<string, string> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-'))
  test.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'servers.json')
  writeFileSync(file, servers)
  return {
    PATH: '/bin',
    SECRET_OF_THE_PROXY: 'x',
    CORDON_PROXY_PORT: '4000',
    CORDON_ENGINE_SOCKET: '/run/engine.sock',
    CORDON_SERVERS_FILE: file,
  }
}

test('reads tool servers of both kinds', context => {
  const config = readConfig(
    environmentWith(
      context,
      JSON.stringify({
        files: { transport: 'stdio', command: 'node', args: ['server.js'] },
        bank: { transport: 'http', url: 'https://bank.example/mcp', headers: { Authorization: 'Bearer x' } },
      }),
    ),
  )
  assert.deepEqual(config.servers, {
    files: { transport: 'stdio', command: 'node', args: ['server.js'], env: {} },
    bank: { transport: 'http', url: 'https://bank.example/mcp', headers: { authorization: 'Bearer x' } },
  })
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.callTimeoutMs, 300_000)
  assert.equal(config.maxCallMs, 3_600_000)
  assert.equal(config.logServerErrors, false)
  assert.deepEqual(config.childEnvironment, { PATH: '/bin' })
})

test('says what is wrong with the file, and none of its values', context => {
  const servers = {
    'a/b': { transport: 'stdio', command: 'x' },
    bank: { transport: 'http', url: 'ftp://secret-value', header: {} },
  }
  assert.throws(
    () => readConfig(environmentWith(context, JSON.stringify(servers))),
    (error: unknown) => {
      assert.ok(error instanceof SettingsError)
      assert.equal(error.problems.length >= 3, true)
      assert.match(error.message, /CORDON_SERVERS_FILE: bank\.url: expected an http\(s\) URL/)
      assert.doesNotMatch(error.message, /secret-value/)
      return true
    },
  )
  assert.throws(() => readConfig(environmentWith(context, '{')), /expected JSON, got other text/)
})
