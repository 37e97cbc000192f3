import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import type { OwnBroker } from '../support/own-broker.ts'
import type { EngineWorld } from './engine-world.ts'
import { openWorldOnOwnBroker } from './own-broker-world.ts'

const recordsRefused = 'cordon_engine_records_refused_total'
const callsRefused = 'cordon_engine_calls_refused_total{reason="RECORDING_FAILED"}'

interface Full {
  readonly world: EngineWorld
  readonly broker: OwnBroker
  /** @returns the verdict, or why not */
  readonly call: (tool: string) => Promise<string>
}

/** The broker is gone, and the spool has no room. */
const openFullSpool = async (
  context: TestContext,
  whenUnrecorded: 'deny-sensitive' | 'deny-all',
): Promise<Full> => {
  const { world, broker } = await openWorldOnOwnBroker(context, {
    engine: { CORDON_SPOOL_MAX_MIB: '8' },
    // Otherwise the age of the decisions would be the reason.
    failSafe: { staleAfterMs: 60_000, whenUnrecorded },
  })
  const sessionId = await world.openSession()
  const token = await world.tokenOf(sessionId)
  const call = async (tool: string): Promise<string> => {
    const reply = await world.client.authorize({
      token,
      server: 'files',
      tool,
      arguments: { path: '/data/a' },
    })
    return reply.refusal?.reason ?? reply.verdict
  }
  await broker.end('SIGKILL')
  await eventually(
    'a full spool',
    async () => {
      await Promise.all(Array.from({ length: 500 }, () => call('read_file')))
      return (await world.counted(recordsRefused)) > 0
    },
    50_000,
  )
  return { world, broker, call }
}

const goesOn = async ({ world, broker, call }: Full): Promise<void> => {
  await broker.start()
  await eventually(
    'room again',
    async () => (await world.counted('cordon_engine_session_log_pending_records')) === 0,
    60_000,
  )
  for (const tool of ['read_file', 'write_file', 'send_mail'])
    await eventually(`${tool} goes on`, async () => (await call(tool)) === 'forward', 30_000)
}

/**
 * @fault the spool is full
 * @behaviour sensitive calls are denied (`RECORDING_FAILED`); others pass and are counted
 * @counter cordon_engine_records_refused_total
 */
test('a full spool: what is sensitive is denied, low reads pass and are counted', async context => {
  const full = await openFullSpool(context, 'deny-sensitive')
  const { world, call } = full
  assert.ok((await world.counted(recordsRefused)) > 0)
  assert.equal(await world.counted(callsRefused), 0)
  const unrecorded = await world.counted('cordon_engine_calls_unrecorded_total')
  assert.ok(unrecorded > 0)
  assert.equal(await call('read_file'), 'forward')
  assert.equal(await world.counted('cordon_engine_calls_unrecorded_total'), unrecorded + 1)
  for (const tool of ['write_file', 'send_mail']) assert.equal(await call(tool), 'RECORDING_FAILED')
  assert.equal(await world.counted(callsRefused), 2)
  await goesOn(full)
})

/**
 * @fault the spool is full, and the bundle says `whenUnrecorded: "deny-all"`
 * @behaviour every call is denied (`RECORDING_FAILED`): nothing passes unrecorded
 * @counter cordon_engine_calls_refused_total{reason="RECORDING_FAILED"}
 */
test('a full spool, where nothing may pass unrecorded: everything is denied', async context => {
  const full = await openFullSpool(context, 'deny-all')
  const { world, call } = full
  const refused = await world.counted(callsRefused)
  assert.ok(refused > 0)
  for (const tool of ['read_file', 'write_file', 'send_mail'])
    assert.equal(await call(tool), 'RECORDING_FAILED')
  assert.equal(await world.counted(callsRefused), refused + 3)
  assert.equal(await world.counted('cordon_engine_calls_unrecorded_total'), 0)
  await goesOn(full)
})
