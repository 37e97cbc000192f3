import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { openHumansFile } from '@cordon/identity/humans'

import { cordon, temporaryFolder } from '../support/command.ts'

test('a human who was added can sign in; the password is nowhere to be read', async t => {
  const file = join(temporaryFolder(t), 'humans.json')
  const added = await cordon(
    t,
    ['human', 'add', 'alice', '--file', file, '--email', 'alice@example.com', '--group', 'analysts'],
    { input: 'correct horse battery\n' },
  )
  assert.deepEqual([added.code, added.out, added.error], [0, 'alice can sign in.\n', ''])
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.doesNotMatch(readFileSync(file, 'utf8'), /horse/)
  const accounts = await openHumansFile(file)
  assert.deepEqual(await accounts.check('alice', 'correct horse battery'), {
    subject: 'alice',
    name: 'alice',
    email: 'alice@example.com',
    groups: ['analysts'],
  })
})

test('a password that is too short is refused in a line, and nothing is written', async t => {
  const file = join(temporaryFolder(t), 'humans.json')
  const refused = await cordon(t, ['human', 'add', 'bob', '--file', file, '--email', 'bob@example.com'], {
    input: 'short\n',
  })
  assert.equal(refused.code, 1)
  assert.equal(refused.error, 'cordon: password: expected at least 12 characters, got 5\n')
  assert.equal(existsSync(file), false)
})
