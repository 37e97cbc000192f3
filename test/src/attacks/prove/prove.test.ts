import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { checks } from '../identity/checks.ts'
import { proveIdentityChecks } from './prove-identity-checks.ts'

/** All of them take minutes: `npm run attacks -- --prove`. */
const sampled = 8

test('disabling a check makes its named attack succeed: a sample, and a mutant that changes nothing is no proof', async () => {
  const step = Math.ceil(checks.length / sampled)
  const sample = checks.filter((_, index) => index % step === 0)
  const [first] = checks
  assert.ok(first)
  const harmless = { ...first, name: 'harmless', replacement: first.text }
  const misspelt = { ...first, name: 'misspelt', text: 'no text of that file' }
  const proofs = await proveIdentityChecks([...sample, harmless, misspelt], () => undefined)
  const problems = proofs.flatMap(({ check, problem }) => (problem ? [`${check.name}: ${problem}`] : []))
  assert.deepEqual(problems, [
    'harmless: expected to fail without the check, got no failure',
    `misspelt: expected the text once in ${first.file}, got 0`,
  ])
})

test('each row names an attack and a check of its own', () => {
  const rows = checks.map(({ name, attack }) => `${attack.join(' ')} ${name}`)
  assert.equal(new Set(rows).size, checks.length)
})

test('the text of each check stands once in its file', () => {
  const root = new URL('../../../../', import.meta.url)
  const stale = checks.filter(
    ({ file, text }) => readFileSync(new URL(file, root), 'utf8').split(text).length !== 2,
  )
  assert.deepEqual(
    stale.map(({ name }) => name),
    [],
  )
})
