import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'

import { createLocalSerde } from '@cordon/serde'
import * as fc from 'fast-check'

import { createEngineFixture } from '../engine-fixture.ts'
import { bundle } from '../session-fixture.ts'
import { openLocalExtraction } from './local-extraction.ts'

const extraction = await openLocalExtraction(createSecretKey(Buffer.alloc(32, 1)))
const codec = createLocalSerde()

test('whatever an agent sends gets a verdict, and what is recorded of it can be written', async () => {
  const { call, log } = createEngineFixture({ extraction })
  const tools = fc.constantFrom('read_file', 'write_file', 'touch', 'watch', 'send_mail', 'unlisted')
  const text = fc.oneof(fc.string(), fc.emailAddress(), fc.webUrl(), fc.constant("'; DROP TABLE x; --"))
  const members = fc.oneof(text, fc.jsonValue())
  const args = fc.oneof(
    fc.jsonValue(),
    fc.record({ path: members, to: members, body: members }, { requiredKeys: [] }),
  )
  await fc.assert(
    fc.asyncProperty(tools, args, async (tool, given) => {
      log.length = 0
      const { verdict } = await call(tool, given)
      assert.ok(verdict === 'forward' || verdict === 'deny')
      for (const { name, value } of log) {
        assert.equal(codec.decode(codec.encode('session-events', name, value)).name, name)
      }
    }),
    { numRuns: 200 },
  )
})

test('the entities that a call acts on are those in the arguments that its entry names', () => {
  const extractors = bundle.catalogue['files/send_mail']!.resources
  const args = { to: ['Bob@A.example'], body: 'as eve@b.example asked' }
  assert.deepEqual(extraction.targets(extractors, args).entities, [
    { kind: 'email', value: 'bob@a.example' },
    { kind: 'email', value: '@a.example' },
  ])
  const all = extraction.entities(args).entities.filter(({ kind }) => kind === 'email')
  assert.deepEqual(
    all.map(({ value }) => value),
    ['bob@a.example', 'eve@b.example'],
  )
})

test('without named arguments a call acts on all that they name', () => {
  const { entities } = extraction.targets([], { body: 'as eve@b.example asked' })
  assert.deepEqual(entities, [
    { kind: 'email', value: 'eve@b.example' },
    { kind: 'email', value: '@b.example' },
  ])
})

test('the same value is the same fingerprint in a call and in a result, under one key only', async () => {
  const other = await openLocalExtraction(createSecretKey(Buffer.alloc(32, 2)))
  const [mine, again] = [1, 2].map(() => extraction.fingerprint('email', 'eve@b.example'))
  assert.equal(mine, again)
  assert.notEqual(mine, other.fingerprint('email', 'eve@b.example'))
  assert.ok(Number.isSafeInteger(mine) && mine! < 2 ** 52)
})
