import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { readOperatorSecret } from './stack-of-folder.ts'

test('a file without a secret is named, and not shown to identity as one', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'operator-secret')
  await writeFile(file, ' \n', { mode: 0o600 })
  await assert.rejects(readOperatorSecret(file), {
    code: 'OPERATOR_SECRET_INVALID',
    message: `operators’ secret ${file}: expected a secret, got an empty file`,
  })
  await writeFile(file, 's3cret\n')
  assert.equal(await readOperatorSecret(file), 's3cret')
})
