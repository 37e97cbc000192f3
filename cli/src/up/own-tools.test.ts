import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { companyBundleFile } from '@cordon/demo'
import { CordonError } from '@cordon/foundation'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import { readOwnTools } from './own-tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-own-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const fileOf = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const good = {
  serversFile: fileOf(
    'servers.json',
    '{ "web": { "transport": "stdio", "command": "./serve", "args": ["x"] } }',
  ),
  bundleFile: companyBundleFile,
  baselinesFile: fileOf('baselines.json', encodeBaselines(emptyBaselines)),
}

test('reads them all; commands run where the user is', async () => {
  const own = await readOwnTools(good)
  assert.deepEqual(own.toolServers, {
    web: { transport: 'stdio', command: './serve', args: ['x'], env: {}, cwd: process.cwd() },
  })
  assert.equal(own.bundle.version, 1)
  assert.equal(own.baselinesFile, good.baselinesFile)
})

test('without a bundle every tool of the servers counts as one that changes something', async () => {
  const { bundleFile: _left, ...withoutBundle } = good
  const { bundle, bundleSource } = await readOwnTools(withoutBundle)
  assert.deepEqual(Object.keys(bundle.catalogue), ['web/*'])
  assert.ok('text' in bundleSource && bundleSource.text.includes('"web/*"'))
})

const missing = join(folder, 'missing.json')
const rows: readonly (readonly [flag: keyof typeof good, what: string, file: string, said: RegExp])[] = [
  ['serversFile', 'no file', missing, /: expected a readable file, got nothing of that name$/],
  ['serversFile', 'a folder', folder, /: expected a readable file, got a folder$/],
  ['serversFile', 'no JSON', fileOf('s1.json', '{'), /: expected JSON, got other text$/],
  ['serversFile', 'a list', fileOf('s2.json', '[]'), /: .*expected record, received array$/],
  [
    'serversFile',
    'a number for a command',
    fileOf('s3.json', '{ "web": { "transport": "stdio", "command": 7 } }'),
    /: web\.command: .*expected string, received number$/,
  ],
  ['bundleFile', 'no file', missing, /: expected a readable file, got nothing of that name$/],
  ['bundleFile', 'no JSON', fileOf('b1.json', 'bundle'), /: expected JSON, got text that is none/],
  ['bundleFile', 'another object', fileOf('b2.json', '{}'), /expected .*, got nothing/],
  ['baselinesFile', 'no file', missing, /: expected a readable file, got nothing of that name$/],
  [
    'baselinesFile',
    'no JSON',
    fileOf('n1.json', '{'),
    /: expected JSON, got 1 characters of something else$/,
  ],
  ['baselinesFile', 'another object', fileOf('n2.json', '{"format":9}'), /expected format 2, got 9$/],
]

for (const [flag, what, file, said] of rows) {
  test(`${flag}: ${what} is told with the file's name, expected and got`, async () => {
    await assert.rejects(readOwnTools({ ...good, [flag]: file }), (error: unknown) => {
      assert.ok(error instanceof CordonError)
      assert.ok(error.message.includes(file), error.message)
      assert.match(error.message, said)
      return true
    })
  })
}
