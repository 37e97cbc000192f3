import assert from 'node:assert/strict'
import { test } from 'node:test'

import { maskSecrets } from './mask-secrets.ts'

const rows: readonly (readonly [what: string, value: unknown, shown: unknown])[] = [
  ['values of env', { s: { env: { A: 'x', B: '' } } }, { s: { env: { A: '•••', B: '•••' } } }],
  ['values of headers', { headers: { Authorization: 'Bearer x' } }, { headers: { Authorization: '•••' } }],
  ['a flag with its value', { args: ['--api-key=x', '--port=1'] }, { args: ['--api-key=•••', '--port=1'] }],
  ['the value after a flag', { args: ['--token', 'x', '-y', 'z'] }, { args: ['--token', '•••', '-y', 'z'] }],
  ['a header on a command line', { args: ['-H', 'X: y'] }, { args: ['-H', '•••'] }],
  ['a password in an address', { args: ['postgres://u:p@h/db'] }, { args: ['postgres://•••@h/db'] }],
  [
    'what an address is asked with',
    { url: 'https://h/mcp?key=x&b=y#z' },
    { url: 'https://h/mcp?key=•••&b=•••#z' },
  ],
  ['a member that says so', { apiKey: 'x', name: 'y' }, { apiKey: '•••', name: 'y' }],
  [
    'nothing of a server that is called like one',
    { 'token-service': { command: 'x' } },
    { 'token-service': { command: 'x' } },
  ],
]

for (const [what, value, shown] of rows)
  test(`hides ${what}`, () => assert.deepEqual(JSON.parse(maskSecrets(JSON.stringify(value))), shown))

test('all else is shown as it is written', () => {
  const text = '{\n  // kept\n  "mcpServers": { "a": { "env": { "K": "v" }, } },\n}\n'
  assert.equal(maskSecrets(text), text.replace('"v"', '"•••"'))
})
