import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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
  assert.deepEqual([added.code, added.out], [0, 'alice can sign in.\n'])
  assert.equal(added.error, 'No bundle beside the file: groups are not checked, --bundle names one.\n')
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
  assert.equal(
    refused.error,
    'warning: --group: expected one at least, got none: they open no session\n' +
      'cordon: password: expected at least 12 characters, got 5\n',
  )
  assert.equal(existsSync(file), false)
})

test('a group that the bundle does not know is warned of with those that it knows, and the human is added', async t => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'humans.json')
  const provider = (...values: readonly string[]): object => ({
    audiences: ['cordon-connect'],
    algorithms: ['ES256'],
    jwks: { keys: [{}] },
    roles: values.map(value => ({ claim: 'groups', value, role: 'analyst' })),
  })
  const bundle = {
    version: 1,
    catalogue: {},
    roles: { analyst: { priorLogit: -4 } },
    identity: {
      providers: {
        'http://127.0.0.1:7401/oidc': { prefix: 'local:', ...provider('analysts', 'support') },
        'https://login.example': { prefix: 'corp:', ...provider('guests') },
      },
    },
  }
  const bundleFile = join(folder, 'bundle-with-key.json')
  writeFileSync(bundleFile, JSON.stringify(bundle))
  const add = async (groups: readonly string[], ...more: readonly string[]) =>
    cordon(
      t,
      [
        'human',
        'add',
        'ana',
        '--file',
        file,
        '--email',
        'ana@example.com',
        ...groups.flatMap(group => ['--group', group]),
        ...more,
      ],
      { input: 'correct horse battery\n' },
    )
  const { code, error } = await add(['support', 'analyst', 'guests'])
  assert.equal(code, 0)
  assert.equal(
    error,
    ['analyst', 'guests']
      .map(
        group =>
          `warning: --group: expected one that bundle ${bundleFile} gives a meaning to (analysts, support), ` +
          `got "${group}": by itself it opens no session\n`,
      )
      .join(''),
  )
  const { humans } = JSON.parse(readFileSync(file, 'utf8')) as { humans: { groups: string[] }[] }
  assert.deepEqual(humans[0]?.groups, ['support', 'analyst', 'guests'])
  assert.equal((await add(['support'])).error, '')
  assert.equal(
    (await add([])).error,
    `warning: --group: expected one at least that bundle ${bundleFile} gives a meaning to (analysts, support), ` +
      'got none: they open no session\n',
  )
  writeFileSync(bundleFile, '{')
  const unread = await add(['support'])
  assert.equal(unread.code, 0)
  assert.match(unread.error, /^warning: --group: not looked up: bundle .*: expected JSON, got /)
  // One that somebody names has to be there.
  const refused = await add(['support'], '--bundle', join(folder, 'none.json'))
  assert.equal(refused.code, 1)
  assert.match(refused.error, /^cordon: bundle .*none\.json: expected a readable file, got /)
})

test('what a human cannot be called is refused in a line before the password, and nothing is written', async t => {
  const file = join(temporaryFolder(t), 'humans.json')
  const refused = await cordon(t, ['human', 'add', 'bob', '--file', file, '--email', 'notanaddress'], {
    input: 'short\n',
  })
  assert.equal(refused.code, 1)
  assert.equal(refused.error, 'cordon: email: expected an address, got notanaddress\n')
  assert.equal(existsSync(file), false)
})
