import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'

import { addHuman, checkAccount } from './add-human.ts'
import { openHumansFile } from './humans-file.ts'
import { checkPassword, hashPassword } from './password-hash.ts'

const alice = { subject: 'alice', name: 'Alice Example', email: 'Alice@example.com', groups: ['analysts'] }
const password = 'correct horse battery'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-humans-'))
  file = join(folder, 'humans.json')
})
afterEach(async () => rm(folder, { recursive: true }))

test('makes a file that only its owner may read, without any password in it', async () => {
  await addHuman(file, alice, password)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(folder), ['humans.json'])
  assert.doesNotMatch(await readFile(file, 'utf8'), /horse/)
})

test('by subject or e-mail address and the right password, and not otherwise', async () => {
  await addHuman(file, alice, password)
  const accounts = await openHumansFile(file)
  assert.deepEqual(await accounts.check('alice', password), alice)
  assert.deepEqual(await accounts.check(' ALICE@example.com ', password), alice)
  assert.equal(await accounts.check('alice', 'correct horse battery '), 'refused')
  assert.equal(await accounts.check('alice', ''), 'refused')
  assert.equal(await accounts.check('Alice', password), 'refused')
  assert.equal(await accounts.check('nobody', password), 'refused')
  assert.deepEqual(await accounts.find('alice'), alice)
  assert.equal(await accounts.find('nobody'), undefined)
})

test('rejects a name that does not exist, also with the password that nobody has', async () => {
  await addHuman(file, alice, password)
  // Thirty-two zero bytes are what a missing account is compared with; that they are met must not be enough.
  assert.equal(await checkPassword('', undefined), false)
  assert.equal(await checkPassword(password, undefined), false)
})

test('a password is the same however its characters are composed, and two hashes of it differ', async () => {
  const hashed = await hashPassword('Ångström und Weiß')
  assert.equal(await checkPassword('Ångström und Weiß'.normalize('NFD'), hashed), true)
  assert.equal(await checkPassword('Angström und Weiß', hashed), false)
  assert.notEqual(await hashPassword('Ångström und Weiß'), hashed)
})

test('follows the file: who is removed cannot sign in any more', async () => {
  await addHuman(file, alice, password)
  const accounts = await openHumansFile(file)
  await addHuman(file, { ...alice, subject: 'bob', email: 'bob@example.com' }, 'another good password')
  assert.notEqual(await accounts.find('bob'), undefined)
  await writeFile(file, '{"humans":[]}')
  assert.equal(await accounts.find('alice'), undefined)
  assert.equal(await accounts.check('alice', password), 'refused')
})

test('the same subject again is the same human with another password', async () => {
  await addHuman(file, alice, password)
  await addHuman(file, { ...alice, groups: [] }, 'a second good password')
  const accounts = await openHumansFile(file)
  assert.equal(await accounts.check('alice', password), 'refused')
  assert.deepEqual(await accounts.check('alice', 'a second good password'), { ...alice, groups: [] })
})

/**
 * @fault the humans file cannot be read any more while identity runs
 * @behaviour nobody can sign in at the embedded provider until it can be read again
 * @counter none: the adapter reports it to its caller, which counts `cordon_identity_humans_file_faulty_total`
 */
test('nobody signs in by a file that cannot be read', async () => {
  await addHuman(file, alice, password)
  const faults: unknown[] = []
  const accounts = await openHumansFile(file, error => faults.push(error))
  await writeFile(file, '{"humans":[')
  assert.equal(await accounts.check('alice', password), 'refused')
  assert.equal(faults.length, 1)
})

test('rejects a file that others may read', async () => {
  await addHuman(file, alice, password)
  await chmod(file, 0o640)
  await assert.rejects(openHumansFile(file), { code: 'HUMANS_FILE_EXPOSED', message: /0600, got 0640/ })
  await chmod(file, 0o600)
  const accounts = await openHumansFile(file)
  await chmod(file, 0o644)
  await utimes(file, 1, 1)
  assert.equal(await accounts.find('alice'), undefined)
})

test('rejects what could let the wrong one in: names twice, weaker hashes, unknown members', async () => {
  const entry = { ...alice, password: await hashPassword(password) }
  const cases: readonly [unknown[], RegExp][] = [
    [[entry, { ...entry, email: 'other@example.com' }], /got alice twice/],
    [[entry, { ...entry, subject: 'alice@EXAMPLE.com', email: 'x@example.com' }], /alice@example.com twice/],
    [[{ ...entry, password }], /expected a hash/],
    [[{ ...entry, password: entry.password.replace('ln=15', 'ln=1') }], /expected a hash/],
    [[{ ...entry, admin: true }], /admin/],
    [[{ ...entry, subject: 'a b' }], /visible ASCII/],
  ]
  for (const [humans, message] of cases) {
    await writeFile(file, JSON.stringify({ humans }), { mode: 0o600 })
    await assert.rejects(openHumansFile(file), { code: 'HUMANS_FILE_UNREADABLE', message })
  }
  await assert.rejects(openHumansFile(join(folder, 'missing')), { message: /ENOENT/ })
})

test('rejects a password that is too short, and leaves the file alone where nothing good would come of it', async () => {
  await assert.rejects(addHuman(file, alice, 'elevenchars'), {
    code: 'PASSWORD_TOO_SHORT',
    message: /got 11/,
  })
  await addHuman(file, alice, password)
  await assert.rejects(addHuman(file, { ...alice, subject: 'bob' }, password), {
    code: 'ACCOUNT_INVALID',
    message: 'email: expected one that nobody else in the file goes by, got Alice@example.com',
  })
  assert.deepEqual(await readdir(folder), ['humans.json'])
  assert.deepEqual(await (await openHumansFile(file)).find('alice'), alice)
})

test('rejects a flood of passwords: what waits too long is told so', async () => {
  await addHuman(file, alice, password)
  const accounts = await openHumansFile(file)
  const checks = await Promise.all(Array.from({ length: 30 }, async () => accounts.check('alice', password)))
  assert.equal(checks.filter(check => check === 'busy').length, 30 - 18)
  assert.equal(checks.filter(check => typeof check === 'object').length, 18)
})

test('says of what a human cannot be called which part it is, before anything is written', async () => {
  await addHuman(file, alice, password)
  const bob = { ...alice, subject: 'bob', email: 'bob@example.com' }
  const cases: readonly [typeof bob, string][] = [
    [{ ...bob, email: 'notanaddress' }, 'email: expected an address, got notanaddress'],
    [{ ...bob, subject: 'bob b' }, 'subject: expected 1 to 200 visible ASCII characters, got bob b'],
    [{ ...bob, groups: ['a', ''] }, 'groups: expected 1 to 200 printable characters, got '],
    [{ ...bob, subject: 'ALICE' }, 'subject: expected one that nobody else in the file goes by, got ALICE'],
    [
      { ...bob, email: 'ALICE@example.com' },
      'email: expected one that nobody else in the file goes by, got ALICE@example.com',
    ],
  ]
  for (const [account, message] of cases)
    await assert.rejects(checkAccount(file, account), { code: 'ACCOUNT_INVALID', message })
  await checkAccount(file, bob)
  // Whoever calls may know more of them.
  const known = { ...alice, groups: [], office: 'none' }
  await checkAccount(file, known)
})

test('names the folder that a new file would lie in, where there is none', async () => {
  const missing = join(folder, 'none')
  await assert.rejects(addHuman(join(missing, 'humans.json'), alice, password), {
    code: 'HUMANS_FILE_UNREADABLE',
    message: `humans file ${join(missing, 'humans.json')}: expected a folder that exists, got none: ${missing}`,
  })
})
