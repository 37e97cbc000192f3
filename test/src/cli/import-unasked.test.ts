import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { cordon, temporaryFolder } from '../support/command.ts'
import { writeProfile } from './connect-profile.ts'

test('an import without a terminal shows the change, then says that a terminal or --yes is needed', async t => {
  const folder = temporaryFolder(t)
  const profile = writeProfile(folder, 'http://127.0.0.1:7401', ['files/*'])
  const config = join(folder, 'mcp.json')
  const before = '{ "mcpServers": { "files": { "command": "npx" }, "hub": { "command": "hub" } } }'
  writeFileSync(config, before)
  const { code, out, error } = await cordon(t, ['connect', '--import', config, '--profile', profile])
  assert.equal(code, 1)
  assert.match(out, /^\+\+\+ .*mcp\.json$/m)
  assert.match(out, /"files": left as it is/)
  assert.equal(
    error,
    `cordon: Write this to ${config}? Expected a terminal to ask at, or --yes (and --use-known for Cordon's own servers), got neither\n`,
  )
  assert.equal(readFileSync(config, 'utf8'), before)
})
