import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createTelemetry } from '@cordon/telemetry'

import type { CheckedCall } from './core/check-order.ts'
import { callOf, createEngineFixture, namesOf, shownWith } from './engine-fixture.ts'
import { bundle, decisionOf, startAt } from './session-fixture.ts'
import { createEvents } from './events.ts'

const open = () => {
  const lines: Record<string, unknown>[] = []
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  }
  const telemetry = createTelemetry({ service: 'engine', logLevel: 'debug', destination })
  const clock = { now: 0 }
  return { events: createEvents(telemetry, () => clock.now), telemetry, lines, clock }
}

const decidedCall = async (standing: 'trusted' | 'suspended', tool: string): Promise<CheckedCall> => {
  const { call, decided, world } = createEngineFixture()
  // RFC 9562 appendix A.6: a UUIDv7 of 1645557742000 ms.
  world.decision = decisionOf(standing, { causedBy: '017f22e2-79b0-7cc3-98c4-dc0c0c07398f' })
  await call(tool)
  return decided[0]!
}

test('a block says which call caused it and how long it took', async () => {
  const { events, telemetry, lines } = open()
  events.callDecided(await decidedCall('suspended', 'read_file'), startAt + 30)
  const [line] = lines
  assert.equal(line?.['msg'], 'call refused by standing')
  assert.equal(line['standing'], 'suspended')
  assert.equal(line['causedBy'], '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  assert.equal(line['ageMs'], 30)
  assert.equal(line['decisionToBlockMs'], 30)
  assert.equal(line['callToDecisionMs'], startAt - 1_645_557_742_000)
  const metrics = await telemetry.metrics()
  assert.match(metrics, /cordon_engine_calls_refused_total\{reason="SESSION_SUSPENDED"\} 1/)
  assert.match(metrics, /cordon_engine_decision_to_block_seconds_sum 0.03/)
})

test('known series start at 0, and forwarded calls are counted by mode without a log line', async () => {
  const { events, telemetry, lines } = open()
  assert.match(await telemetry.metrics(), /cordon_engine_calls_refused_total\{reason="GATE_TIMEOUT"\} 0/)
  events.callDecided(await decidedCall('trusted', 'send_mail'), startAt)
  assert.match(await telemetry.metrics(), /cordon_engine_calls_forwarded_total\{mode="gate"\} 1/)
  assert.deepEqual(lines, [])
})

/**
 * @fault the record of an attempt cannot be written: a value that Avro does not hold, or more than 512 KiB
 * @behaviour the call is refused (`RECORD_UNWRITABLE`), a low read and a tool in mode `monitor` too, whatever `whenUnrecorded` says; the denial is on record by itself
 * @counter cordon_engine_calls_refused_total{reason="RECORD_UNWRITABLE"}
 */
test('a call of which no record can be written is refused, and counted', async () => {
  const { events, telemetry } = open()
  const { call, decided, log, world } = createEngineFixture()
  world.bundle = { ...bundle, version: Number.MAX_SAFE_INTEGER }
  for (const tool of ['read_file', 'watch', 'write_file']) await call(tool)
  for (const refused of decided) events.callDecided(refused, startAt)
  const metrics = await telemetry.metrics()
  assert.match(metrics, /cordon_engine_calls_refused_total\{reason="RECORD_UNWRITABLE"\} 3/)
  assert.match(metrics, /cordon_engine_calls_unrecorded_total 0/)
  assert.deepEqual(namesOf(log), ['InvocationDenied', 'InvocationDenied', 'InvocationDenied'])
})

test('nothing that a caller sent is in a log line', async () => {
  const { events, lines } = open()
  const { engine, decided } = createEngineFixture()
  await engine.authorize(shownWith('0'), callOf('format_disk', { secret: 'do not log me' }))
  events.callDecided(decided[0]!, startAt)
  assert.equal(lines.length, 1)
  assert.ok(!JSON.stringify(lines).includes('do not log me'))
})

test('a flood of records that cannot be read is one line a second, with how many more there were', async () => {
  const { events, telemetry, lines, clock } = open()
  const record = { topic: 'gate-verdicts', partition: 0, offset: 1n, key: null, value: null, timestamp: 0n }
  for (clock.now = 0; clock.now < 2_500; clock.now += 1)
    events.recordUnreadable(record as never, new Error('not Avro'))
  assert.deepEqual(
    lines.map(({ msg, leftOut }) => [msg, leftOut]),
    [
      ['record not readable', 0],
      ['record not readable', 999],
      ['record not readable', 999],
    ],
  )
  assert.match(await telemetry.metrics(), /cordon_engine_records_unreadable_total 2500/)
})

test('a flood of forged decisions is one line a second, each is counted', async () => {
  const { events, telemetry, lines, clock } = open()
  const refused = {
    cause: 'forged',
    decision: decisionOf('trusted'),
    standing: 'suspended',
    isLive: true,
  } as const
  for (clock.now = 0; clock.now < 1_500; clock.now += 1) events.decisionRefused(refused)
  assert.deepEqual(
    lines.map(({ msg, leftOut }) => [msg, leftOut]),
    [
      ['decision refused', 0],
      ['decision refused', 999],
    ],
  )
  assert.match(await telemetry.metrics(), /cordon_engine_decisions_refused_total\{cause="forged"\} 1500/)
})
