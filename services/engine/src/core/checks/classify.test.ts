import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createEngineFixture, shownWith } from '../../engine-fixture.ts'
import { principal } from '../../session-fixture.ts'

const nested = (levels: number): unknown => {
  let value: unknown = {}
  for (let level = 1; level < levels; level += 1) value = { value }
  return value
}

test('arguments have to be a JSON object that has a canonical text, within bounds', async () => {
  const { call } = createEngineFixture()
  const verdictOf = async (args: unknown): Promise<string> => {
    const { verdict, refusal } = await call('touch', args)
    return refusal?.reason ?? verdict
  }
  const invalid = [
    null,
    'text',
    ['a'],
    { text: '\ud800' },
    { number: Number.POSITIVE_INFINITY },
    nested(65),
    nested(100_000),
    { text: 'x'.repeat(1024 * 1024) },
    { items: Array.from({ length: 10_000 }, () => 1) },
  ]
  for (const args of invalid) assert.equal(await verdictOf(args), 'ARGUMENTS_INVALID')
  for (const args of [
    {},
    nested(64),
    { text: 'x'.repeat(1024 * 1024 - 11) },
    { items: Array(9_999).fill(1) },
  ]) {
    assert.equal(await verdictOf(args), 'forward')
  }
})

test('of a recorded session’s call that has no canonical text goes on record what can be read', async () => {
  for (const hiding of [
    { n: Number.POSITIVE_INFINITY },
    { n: '\ud800' },
    { n: nested(65) },
    { n: 'x'.repeat(2 ** 20) },
  ]) {
    const { engine, log } = createEngineFixture()
    const args = { to: 'eve@evil.example', ...hiding }
    const answer = await engine.authorizePrincipal(principal, {
      server: 'files',
      tool: 'touch',
      arguments: args,
    })
    assert.equal(answer.refusal?.reason, 'ARGUMENTS_INVALID')
    assert.deepEqual(
      log.map(({ name }) => name),
      ['InvocationAttempted', 'InvocationDenied'],
    )
    const attempted = log[0]!.value
    // Beyond the bounds nothing is looked through, and all of it counts as what nobody could read.
    assert.ok(
      'entities' in attempted &&
        (attempted.entitiesOverflow || attempted.entities.some(({ kind }) => kind === 'email')),
    )
  }
})

test('the digest means the value and not its spelling', async () => {
  const { call, log } = createEngineFixture()
  await call('touch', { a: 1, b: [1e2] })
  await call('touch', { b: [100], a: 1 })
  const digests = log.map(({ value }) =>
    'argumentsDigest' in value ? value.argumentsDigest.toString('hex') : '',
  )
  // printf '{"a":1,"b":[100]}' | sha256sum
  assert.deepEqual(
    new Set(digests),
    new Set(['bcaa6d14941fd56466b30ded2a7643f0631f19ce9f92050c783bb66f985f7cea']),
  )
})

test('a tool name that a prototype answers to is unknown', async () => {
  const { engine } = createEngineFixture()
  for (const tool of ['constructor', '__proto__', 'toString']) {
    const answer = await engine.authorize(shownWith('0'), { server: 'files', tool, arguments: {} })
    assert.equal(answer.refusal?.reason, 'TOOL_UNKNOWN')
  }
})
