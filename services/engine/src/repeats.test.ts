import assert from 'node:assert/strict'
import { test } from 'node:test'

import { outcomeOf } from '@cordon/engine-socket/fixtures/outcome'

import { callOf, createEngineFixture, saying, shownWith } from './engine-fixture.ts'

const openCall = async () => {
  const { engine, log } = createEngineFixture()
  const { invocationId } = await engine.authorize(shownWith('0'), callOf('read_file', { path: '/data/a' }))
  assert.ok(invocationId)
  const result = { action: 'accept' }
  await engine.admit(shownWith('0'), saying('answer', { id: 1, result }))
  const repeat = () =>
    engine.vouch({
      token: 'valid',
      server: 'files',
      invocationId,
      content: { inputResponses: { sure: result } },
      saidAs: { answerIds: { sure: 1 } },
    })
  const repeats = (): unknown => {
    const completed = log.find(({ name }) => name === 'InvocationCompleted')?.value as { repeats?: unknown }
    return completed?.repeats
  }
  return { engine, invocationId, repeat, repeats }
}

test('rejects a repeat of a call whose outcome comes while the repeat is judged: it would be on no record', async () => {
  const { engine, invocationId, repeat, repeats } = await openCall()
  const asked = [repeat(), repeat()]
  engine.recordOutcome(outcomeOf(invocationId))
  for (const { vouched, refusal, downstreamToken } of await Promise.all(asked))
    assert.deepEqual([vouched, refusal?.reason, downstreamToken], [false, 'ENGINE_UNAVAILABLE', undefined])
  assert.equal(repeats(), 0)
})

test('what was vouched for before the outcome came is on record', async () => {
  const { engine, invocationId, repeat, repeats } = await openCall()
  const { vouched, downstreamToken } = await repeat()
  assert.deepEqual([vouched, typeof downstreamToken], [true, 'string'])
  engine.recordOutcome(outcomeOf(invocationId))
  assert.equal(repeats(), 1)
})
