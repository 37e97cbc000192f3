import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { loadBundleFile } from './bundle-file.ts'
import { parseBundle } from './parse-bundle.ts'

const entry = { readOnly: true, sensitivity: 1, mode: 'enforce' }
const minimal = {
  version: 1,
  catalogue: { 'files/read_file': entry },
  roles: { analyst: { priorLogit: -4 } },
  thresholds: { verify: 3, readOnly: 5, suspend: 7 },
}

const problemsOf = (document: unknown): string => {
  try {
    parseBundle(JSON.stringify(document), 'b.json')
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error)
    assert.equal(error.code, 'BUNDLE_INVALID')
    return error.message
  }
  return assert.fail('expected the bundle to be refused')
}

test('fills in the documented defaults and freezes deeply', () => {
  const bundle = parseBundle(JSON.stringify(minimal), 'b.json')
  assert.deepEqual(bundle.failSafe, {
    staleAfterMs: 5000,
    gateTimeoutMs: 250,
    recordTimeoutMs: 2000,
    whenStale: 'deny-sensitive',
    whenUnrecorded: 'deny-sensitive',
  })
  assert.deepEqual(bundle.catalogue['files/read_file']?.resources, [])
  assert.ok(Object.isFrozen(bundle.catalogue['files/read_file']?.resources))
})

test('names path, expected and got of every problem at once', () => {
  const message = problemsOf({
    ...minimal,
    version: 0,
    catalogue: { 'files/read_file': { ...entry, sensitivity: 7, mode: 'gat' } },
  })
  assert.match(message, /bundle b\.json/)
  assert.match(message, /\["version"\]: expected more than 0, got 0/)
  assert.match(
    message,
    /\["catalogue"\]\["files\/read_file"\]\["sensitivity"\]: expected 0 or 1 or 2 or 3, got 7/,
  )
  assert.match(message, /\["mode"\]: expected "enforce" or "monitor" or "gate", got "gat"/)
})

test('rejects a version that no record of a call could name', () => {
  const highest = Number.MAX_SAFE_INTEGER
  assert.match(
    problemsOf({ ...minimal, version: highest }),
    /\["version"\]: expected less than 9007199254740991, got 9007199254740991/,
  )
  assert.equal(
    parseBundle(JSON.stringify({ ...minimal, version: highest - 1 }), 'b.json').version,
    highest - 1,
  )
})

test('rejects a misspelt key instead of leaving a default in force', () => {
  const message = problemsOf({ ...minimal, failSafe: { whenstale: 'deny-all' } })
  assert.match(message, /\["failSafe"\]: expected known keys only, got "whenstale"/)
})

test('rejects tool names that a scope cannot carry', () => {
  for (const key of ['files', 'files/', '/read', 'files/a b', 'files/a"b', 'files/rea*', 'f/s/*'])
    assert.match(
      problemsOf({ ...minimal, catalogue: { [key]: entry } }),
      /a key of the form "server\/tool" or "server\/\*"/,
      key,
    )
})

/**
 * @input a bundle with a decision key that is none, or two keys of one id
 * @behaviour the service ends at its start: `["decisionKeys"][0]["publicKey"]: expected 32 bytes in base64url, got "short"`
 * @counter none: it does not start
 */
test('rejects decision keys that are none, and two of one id', () => {
  const publicKey = Buffer.alloc(32, 7).toString('base64url')
  const keys = [
    { keyId: 'a', publicKey },
    { keyId: 'b', publicKey },
  ]
  assert.deepEqual(parseBundle(JSON.stringify(minimal), 'b.json').decisionKeys, [])
  assert.deepEqual(
    parseBundle(JSON.stringify({ ...minimal, decisionKeys: keys }), 'b.json').decisionKeys,
    keys,
  )
  const problems = (...decisionKeys: object[]): string => problemsOf({ ...minimal, decisionKeys })
  assert.match(
    problems({ keyId: 'a', publicKey: 'short' }),
    /\["decisionKeys"\]\[0\]\["publicKey"\]: expected 32 bytes in base64url, got "short"/,
  )
  assert.match(problems(keys[0]!, keys[0]!), /\["decisionKeys"\]: expected a key id of its own for each key/)
})

/**
 * @input a bundle with a pin that is no digest of a definition, or a pin for all tools of a server
 * @behaviour the service ends at its start: `["catalogue"]["files/*"]["definition"]: expected a pin of one tool alone, got "…"`
 * @counter none: it does not start
 */
test('rejects a pin that is none, and one for all tools of a server', () => {
  const pinned = (key: string, definition: string): object => ({
    ...minimal,
    catalogue: { [key]: { ...entry, definition } },
  })
  const pin = 'u6ptcBFpAb1USoGEuSIweA'
  const { catalogue } = parseBundle(JSON.stringify(pinned('files/read', pin)), 'b.json')
  assert.equal(catalogue['files/read']?.definition, pin)
  assert.match(
    problemsOf(pinned('files/read', 'sha256')),
    /\["catalogue"\]\["files\/read"\]\["definition"\]: expected 22 characters of base64url, got "sha256"/,
  )
  assert.match(
    problemsOf(pinned('files/*', pin)),
    /\["catalogue"\]\["files\/\*"\]\["definition"\]: expected a pin of one tool alone, got "u6pt/,
  )
})

test('rejects thresholds that are out of order', () => {
  const message = problemsOf({ ...minimal, thresholds: { verify: 5, readOnly: 3, suspend: 7 } })
  assert.match(message, /\["thresholds"\]: expected verify <= readOnly <= suspend, got \{"verify":5/)
})

test('says which file cannot be read and which is no JSON', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-policy-'))
  try {
    const file = join(folder, 'bundle.json')
    await assert.rejects(loadBundleFile(file), {
      code: 'BUNDLE_UNREADABLE',
      message: /bundle\.json.*got nothing of that name/,
    })
    await writeFile(file, '{"version": 1,')
    await assert.rejects(loadBundleFile(file), { code: 'BUNDLE_NOT_JSON', message: /bundle\.json/ })
    await writeFile(file, JSON.stringify(minimal))
    assert.equal((await loadBundleFile(file)).version, 1)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the example of the README works as it is written', async () => {
  const page = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```json\n([^]*?)```/.exec(page)?.[1] ?? ''
  assert.deepEqual(parseBundle(example, 'README.md').decisionKeys, [])
})

test('rejects direct use by an audience that is none', () => {
  const provider = { audiences: ['cordon'], jwksUri: 'https://idp.example/jwks', algorithms: ['ES256'] }
  const bundleWith = (directAudiences: readonly string[]): object => ({
    ...minimal,
    identity: { providers: { 'https://a.example': { ...provider, directAudiences } } },
  })
  assert.match(problemsOf(bundleWith(['other'])), /expected directAudiences that are among audiences/)
  parseBundle(JSON.stringify(bundleWith(['cordon'])), 'b.json')
})

test('rejects two providers that could name the same human', () => {
  const provider = { audiences: ['cordon'], jwksUri: 'https://idp.example/jwks', algorithms: ['ES256'] }
  const problems = (one: object, other: object): string =>
    problemsOf({
      ...minimal,
      identity: { providers: { 'https://a.example': one, 'https://b.example': other } },
    })
  const expected = /\["providers"\]: expected a prefix of its own for each of several providers/
  assert.match(problems(provider, { ...provider, prefix: 'corp:' }), expected)
  assert.match(problems({ ...provider, prefix: 'corp:' }, { ...provider, prefix: 'corp:' }), expected)
  assert.match(problems(provider, { ...provider, prefix: 'a:b:' }), /expected up to 32 small letters/)
})
