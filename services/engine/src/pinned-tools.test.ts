import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { AuthorizeAnswer } from '@cordon/engine-socket'

import { callOf, createEngineFixture, namesOf, saying, shownWith } from './engine-fixture.ts'
import { bundle, principal } from './session-fixture.ts'
import type { EngineFixture } from './engine-fixture.ts'
import type { Call } from './core/call-facts.ts'

const pin = 'A'.repeat(22)
const other = 'B'.repeat(22)

const openPinned = () => {
  const fixture = createEngineFixture()
  const { catalogue } = bundle
  const pinned = { ...catalogue['files/read_file']!, definition: pin }
  fixture.world.bundle = { ...bundle, catalogue: { ...catalogue, 'files/read_file': pinned } }
  let proofs = 0
  const call = (about: Partial<Call>, tool = 'read_file'): Promise<AuthorizeAnswer> =>
    fixture.engine.authorize(shownWith(String((proofs += 1))), { ...callOf(tool), ...about })
  return { ...fixture, call }
}

const driftsOf = (log: EngineFixture['log']): unknown[] =>
  log.flatMap(({ name, value }) => (name === 'InvocationAttempted' ? [value.drift] : []))

describe('a tool whose definition the catalogue pins', () => {
  test('is called where its server lists what was approved', async () => {
    const { call, log, drifted } = openPinned()
    assert.equal((await call({ definition: pin })).verdict, 'forward')
    assert.deepEqual(driftsOf(log), ['none'])
    assert.deepEqual(drifted, [])
  })

  test('rejects a rug pull: what was not approved is refused, with both in words, and told', async () => {
    const { call, log, drifted } = openPinned()
    const { verdict, refusal } = await call({ definition: other })
    assert.deepEqual([verdict, refusal?.reason], ['deny', 'TOOL_DRIFTED'])
    assert.match(refusal?.message ?? '', new RegExp(`files/read_file .*expected ${pin}.*got ${other}`))
    assert.deepEqual(namesOf(log), ['InvocationAttempted', 'InvocationDenied'])
    assert.deepEqual(driftsOf(log), ['unpinned'])
    assert.deepEqual(drifted, ['files/read_file'])
  })

  test('is refused where its server listed nothing that could be compared, which is nobody’s drift', async () => {
    const { call, log, drifted } = openPinned()
    const { verdict, refusal } = await call({})
    assert.deepEqual([verdict, refusal?.reason], ['deny', 'TOOL_UNLISTED'])
    assert.deepEqual(driftsOf(log), ['none'])
    assert.deepEqual(drifted, [])
  })

  test('is not called once more where its server describes it anew meanwhile, or another definition is pinned', async () => {
    const { call, drifted, engine, world } = openPinned()
    const { invocationId } = await call({ definition: pin })
    assert.ok(invocationId)
    const again = async (said: object): Promise<unknown> => {
      const { vouched, refusal } = await engine.vouch({
        token: 'valid',
        server: 'files',
        invocationId,
        content: {},
        ...said,
      })
      return refusal?.reason ?? vouched
    }
    assert.equal(await again({}), true)
    assert.equal(await again({ definition: pin }), true)
    assert.equal(await again({ definition: other, definitionChanged: true }), 'TOOL_DRIFTED')
    assert.deepEqual(drifted, ['files/read_file'])
    const { catalogue } = bundle
    const pinned = { ...catalogue['files/read_file']!, definition: other }
    world.bundle = { ...bundle, catalogue: { ...catalogue, 'files/read_file': pinned } }
    assert.equal(await again({}), 'TOOL_DRIFTED')
  })

  test('is called in a session that is played from a recording: no server listed anything', async () => {
    const { engine } = openPinned()
    assert.equal((await engine.authorizePrincipal(principal, callOf('read_file'))).verdict, 'forward')
  })
})

test('a call of a tool that changed under its session passes, and says so on record', async () => {
  const { call, log } = openPinned()
  const changed = { definition: other, isDefinitionChanged: true }
  assert.equal((await call(changed, 'touch')).verdict, 'forward')
  assert.deepEqual(driftsOf(log), ['changed'])
})

test('whoever lists tools is told what their definitions may be, and nobody else', async () => {
  const { engine } = openPinned()
  assert.deepEqual((await engine.admit(shownWith('1'), saying('tools/list'))).pins, { read_file: pin })
  assert.equal((await engine.admit(shownWith('2'), saying('prompts/list'))).pins, undefined)
  const unpinned = createEngineFixture()
  assert.equal((await unpinned.engine.admit(shownWith('1'), saying('tools/list'))).pins, undefined)
})

test('a tool that was withheld is told of, where it is pinned and the session is one', async () => {
  const { engine, drifted } = openPinned()
  const withheld = ['read_file', 'touch', 'toString']
  await engine.vouch({ token: 'forged', server: 'files', withheld })
  assert.deepEqual(drifted, [])
  const { vouched, downstreamToken } = await engine.vouch({ token: 'valid', server: 'files', withheld })
  assert.deepEqual([vouched, downstreamToken], [true, undefined])
  assert.deepEqual(drifted, ['files/read_file'])
})
