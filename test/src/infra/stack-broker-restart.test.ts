import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Stack } from '@cordon/infra'
import { isRunning } from '@cordon/lifecycle'

import { eventually } from '../support/eventually.ts'
import { openSession } from '../support/opened-session.ts'
import { startOwnBroker } from '../support/own-broker.ts'
import type { StackLoad } from './stack-load.ts'
import { sessionLogs, startStackLoad } from './stack-load.ts'
import { metricOf, staleAfterMs, startToolStack } from './stack-session.ts'

/** Everything goes on within this time of the broker's listening. */
const promisedMs = 15_000
const sessions = 5

const pidsOf = ({ services }: Stack): number[] => Object.values(services).map(({ process }) => process.pid)

const lastGated = ({ agents }: StackLoad): string[] => agents.map(({ gated }) => gated.at(-1) ?? 'none yet')

/** Each call of each session stands on the log, once and in order, and so does how each that was forwarded ended. */
const assertOnLog = async (stack: Stack, { agents }: StackLoad): Promise<void> => {
  await eventually(
    'an empty spool',
    async () => (await metricOf(stack, 'engine', 'cordon_engine_session_log_pending_records')) === 0,
  )
  const logs = await sessionLogs(
    stack,
    agents.map(({ sessionId }) => sessionId),
  )
  for (const { sessionId, reads, gated } of agents) {
    const records = logs.get(sessionId)!
    const named = (name: string) => records.filter(record => record.name === name).map(({ value }) => value)
    assert.deepEqual(
      named('InvocationAttempted').map(({ sequence }) => sequence),
      [...reads, ...gated].map((_, sequence) => sequence),
    )
    const forwarded = [...reads, ...gated].filter(said => /hello$|is 5\.$/.test(said)).length
    assert.equal(named('InvocationCompleted').length, forwarded)
    assert.equal(named('InvocationDenied').length, reads.length + gated.length - forwarded)
    const written = records.flatMap(({ name, value: { invocationId } }) =>
      invocationId === undefined ? [] : [`${name} ${invocationId}`],
    )
    assert.equal(new Set(written).size, written.length, 'none twice')
  }
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  /**
   * @fault the broker is away under load, and comes back
   * @behaviour sensitive calls are denied meanwhile (`SESSION_STALE`), low reads pass; open sessions go on within 15 s of its return, with no process restarted; every call is on the log, once and in order
   * @counter cordon_engine_calls_refused_total{reason="SESSION_STALE"}
   */
  test(`whole path, the broker ends by ${signal} under load and comes back: open sessions go on by themselves`, async t => {
    const broker = await startOwnBroker(t)
    const stack = await startToolStack(t, { ...process.env, KAFKA_BROKERS: broker.brokers.join(',') })
    const pids = pidsOf(stack)
    const load = await startStackLoad(t, stack, sessions)
    const allGated = (): boolean => lastGated(load).every(said => said.endsWith('is 5.'))
    await eventually('gated calls of all', allGated)

    await broker.end(signal)
    await sleep(2 * staleAfterMs)
    for (const said of lastGated(load)) assert.match(said, /SESSION_STALE/)
    const refused = 'cordon_engine_calls_refused_total{reason="SESSION_STALE"}'
    assert.ok((await metricOf(stack, 'engine', refused)) > 0)

    await broker.start()
    const listeningAt = performance.now()
    await eventually('all of them again', allGated, promisedMs)
    t.diagnostic(`${sessions} open sessions after ${Math.round(performance.now() - listeningAt)} ms`)
    await eventually('a new session', async () => (await openSession(stack)) !== undefined, promisedMs)
    t.diagnostic(`a new session after ${Math.round(performance.now() - listeningAt)} ms`)
    assert.ok(performance.now() - listeningAt < promisedMs)
    await load.stop()
    for (const { reads } of load.agents) assert.ok(reads.every(said => said.endsWith('hello')))
    await assertOnLog(stack, load)
    assert.deepEqual(pidsOf(stack), pids)
    assert.ok(pids.every(isRunning))
  })
}
