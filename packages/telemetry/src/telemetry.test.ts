import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CordonError } from '@cordon/foundation'

import type { Telemetry } from './telemetry.ts'
import { createTelemetry } from './telemetry.ts'

const open = (): { telemetry: Telemetry; lines: Record<string, unknown>[] } => {
  const lines: Record<string, unknown>[] = []
  const write = (line: string): void => {
    lines.push(JSON.parse(line) as Record<string, unknown>)
  }
  return {
    telemetry: createTelemetry({ service: 'engine', logLevel: 'info', destination: { write } }),
    lines,
  }
}

const seriesOf = async (telemetry: Telemetry, name: string): Promise<string[]> =>
  (await telemetry.metrics()).split('\n').filter(line => line.startsWith(name))

test('known series start at 0', async () => {
  const { telemetry } = open()
  const verdicts = telemetry.counter({
    name: 'verdicts_total',
    help: 'Verdicts given.',
    labels: { verdict: ['forward', 'deny'], gated: ['yes', 'no'] },
  })
  verdicts.add(2, { verdict: 'deny', gated: 'no' })
  assert.deepEqual(await seriesOf(telemetry, 'cordon_engine_verdicts_total'), [
    'cordon_engine_verdicts_total{verdict="forward",gated="yes"} 0',
    'cordon_engine_verdicts_total{verdict="forward",gated="no"} 0',
    'cordon_engine_verdicts_total{verdict="deny",gated="yes"} 0',
    'cordon_engine_verdicts_total{verdict="deny",gated="no"} 2',
  ])
})

test('metrics without labels need none', async () => {
  const { telemetry } = open()
  telemetry.counter({ name: 'records_total', help: 'Records.' }).add(3)
  telemetry.gauge({ name: 'queue_records', help: 'Waiting records.' }).set(7)
  telemetry.gauge({ name: 'table_staleness_seconds', help: 'Age.', read: () => 0.5 })
  telemetry.histogram({ name: 'wait_seconds', help: 'Waits.', buckets: [0.1, 1] }).observe(0.3)
  assert.deepEqual(await seriesOf(telemetry, 'cordon_engine_'), [
    'cordon_engine_records_total 3',
    'cordon_engine_queue_records 7',
    'cordon_engine_table_staleness_seconds 0.5',
    'cordon_engine_wait_seconds_bucket{le="0.1"} 0',
    'cordon_engine_wait_seconds_bucket{le="1"} 1',
    'cordon_engine_wait_seconds_bucket{le="+Inf"} 1',
    'cordon_engine_wait_seconds_sum 0.3',
    'cordon_engine_wait_seconds_count 1',
  ])
})

test('an empty histogram shows its buckets', async () => {
  const { telemetry } = open()
  telemetry.histogram({ name: 'call_seconds', help: 'Calls.', labels: { phase: ['a', 'b'] }, buckets: [1] })
  assert.deepEqual(await seriesOf(telemetry, 'cordon_engine_call_seconds_count'), [
    'cordon_engine_call_seconds_count{phase="a"} 0',
    'cordon_engine_call_seconds_count{phase="b"} 0',
  ])
})

test('log lines are JSON with the service, the level, the data and a constant message', () => {
  const { telemetry, lines } = open()
  telemetry.log.debug({}, 'not at this level')
  telemetry.log.info({ partition: 3 }, 'partition taken')
  telemetry.log.error(
    { error: new CordonError('BUNDLE_INVALID', 'bundle: expected 1, got 2', { retryable: true }) },
    'bundle refused',
  )
  assert.equal(lines.length, 2)
  const [info, failure] = lines
  const { time, ...rest } = info!
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual(rest, { level: 'info', service: 'engine', partition: 3, msg: 'partition taken' })
  const error = failure!['error'] as Record<string, unknown>
  assert.equal(error['code'], 'BUNDLE_INVALID')
  assert.equal(error['retryable'], true)
})
