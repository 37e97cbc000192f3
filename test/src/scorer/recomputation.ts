import assert from 'node:assert/strict'

import type { SessionDecision } from '@cordon/schemas'
import type { Outcome } from '@cordon/scorer/fixtures/outcome'
import { lastOfEachKey, outcomeOf, withoutRepetitions } from '@cordon/scorer/fixtures/outcome'
import type { LogRecord, RecordCodec } from '@cordon/stream'
import { reservedKeyPrefix, StreamDriver } from '@cordon/stream'

import type { ScorerWorld } from './scorer-world.ts'

/** Next input offset that is not committed in a partition. */
export const committedUpTo = async ({ read, codec }: ScorerWorld, partition: number): Promise<number> => {
  const changelog = await read('scorer-state', partition)
  const position = changelog.findLast(({ key }) => String(key) === `${reservedKeyPrefix}position`)?.value
  const record = position && codec.decode(position)
  return record?.name === 'Position' ? record.value.offset : 0
}

/** Nothing lost, nothing twice: what stands in the topics is what the log says, byte for byte. */
export const requireRecomputable = async (world: ScorerWorld, partition: number): Promise<void> => {
  const end = await committedUpTo(world, partition)
  const inputs = (await world.read('session-events', partition)).filter(({ offset }) => offset < end)
  const computed = await recompute(world, inputs, partition)
  const published = await publishedOutcome(world, partition)
  const { verdicts, ...kept } = computed
  const { verdicts: answered, ...stored } = published
  assert.ok(kept.decisions.length > 0 && kept.states.length > 0)
  assert.deepEqual(stored, kept)
  // A crash may lose verdicts, because nobody waits for them any more; none may be another than the log says.
  const remaining = new Set(answered)
  assert.deepEqual(
    verdicts.filter(verdict => remaining.has(verdict)),
    answered,
  )
  requireDecisions(world.codec, inputs, await world.read('session-decisions', partition))
}

/** Each session that was opened has a decision, and each session's versions only go up. */
const requireDecisions = (
  codec: RecordCodec,
  inputs: readonly LogRecord[],
  published: readonly LogRecord[],
): void => {
  const versions = new Map<string, number[]>()
  for (const { sessionId, version } of published.flatMap(record => decisionIn(codec, record))) {
    const held = versions.get(sessionId) ?? []
    versions.set(sessionId, held)
    // A version that came before is a repetition; engines ignore it as this does.
    if (!held.includes(version)) held.push(version)
  }
  for (const [sessionId, ascending] of versions)
    assert.deepEqual(
      ascending,
      ascending.toSorted((a, b) => a - b),
      sessionId,
    )
  for (const { key, value } of inputs)
    if (nameOf(codec, value) === 'SessionOpened') assert.ok(versions.has(String(key)), String(key))
}

const decisionIn = (codec: RecordCodec, { value }: LogRecord): readonly SessionDecision[] => {
  const record = value === null ? undefined : codec.decode(value)
  return record?.name === 'SessionDecision' ? [record.value] : []
}

const nameOf = (codec: RecordCodec, value: Buffer | null): string | undefined => {
  // Bytes that nobody can read are part of the load.
  if (value === null || value[0] !== 0) return undefined
  return codec.decode(value).name
}

/** The log once more through the real task, in memory, in one go, at the broker's times. */
const recompute = async (
  { codec, openProcessor }: ScorerWorld,
  inputs: readonly LogRecord[],
  partition: number,
): Promise<Outcome> => {
  const driver = await StreamDriver.open({
    processor: await openProcessor(),
    codec,
    partitions: partition + 1,
    startAt: inputs[0]!.timestamp,
    // The ticks stand in the log.
    tickIntervalMs: 0,
  })
  for (const { offset, timestamp, key, value } of inputs) {
    if (timestamp > driver.now) await driver.advance(timestamp - driver.now)
    assert.equal(driver.pipe({ key: String(key), value: value!, partition }), offset)
  }
  await driver.settle()
  const outcome = outcomeOf(driver, partition)
  await driver.close()
  return outcome
}

const publishedOutcome = async ({ read }: ScorerWorld, partition: number): Promise<Outcome> => ({
  decisions: withoutRepetitions(await read('session-decisions', partition)),
  signals: withoutRepetitions(await read('security-signals', partition)),
  deadLetters: withoutRepetitions(await read('dead-letters', partition)),
  verdicts: withoutRepetitions(await read('gate-verdicts', partition)),
  states: lastOfEachKey(await read('scorer-state', partition)),
})
