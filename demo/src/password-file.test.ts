import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { writePasswordFile } from './password-file.ts'

test('the password stands in a file of its owner, and not in the address', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-pgpass-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'pgpass')
  writeFileSync(file, 'of a run before', { mode: 0o644 })
  const address = await writePasswordFile(
    file,
    'postgres://me:s%3Ae%5Ccret@127.0.0.1:5433/shop?sslmode=disable',
  )
  assert.equal(address, 'postgres://me@127.0.0.1:5433/shop?sslmode=disable')
  assert.equal(readFileSync(file, 'utf8'), '127.0.0.1:5433:*:me:s\\:e\\\\cret\n')
  assert.equal(statSync(file).mode & 0o777, 0o600)
})
