import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Stack } from '@cordon/infra'
import { isRunning } from '@cordon/lifecycle'

import { eventually } from '../support/eventually.ts'
import { openSession } from '../support/opened-session.ts'
import { startOwnBroker } from '../support/own-broker.ts'
import {
  connectAgent,
  gatedCall,
  metricOf,
  readOnlyCall,
  staleAfterMs,
  startToolStack,
} from './stack-session.ts'

/** Everything goes on within this time of the broker's listening. */
const promisedMs = 15_000

const pidsOf = ({ services }: Stack): number[] => Object.values(services).map(({ process }) => process.pid)

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  /**
   * @fault the broker is away, and comes back
   * @behaviour sensitive calls are denied meanwhile (`SESSION_STALE`), low reads pass; open sessions go on within 15 s of its return, with no process restarted
   * @counter cordon_engine_calls_refused_total{reason="SESSION_STALE"}
   */
  test(`whole path, the broker ends by ${signal} and comes back: an open session goes on by itself`, async t => {
    const broker = await startOwnBroker(t)
    const stack = await startToolStack(t, { ...process.env, KAFKA_BROKERS: broker.brokers.join(',') })
    const session = await openSession(stack)
    assert.ok(session)
    const agent = await connectAgent(t, stack, session)
    await eventually('a gated call', async () => (await gatedCall(agent)).endsWith('is 5.'))
    assert.match(await readOnlyCall(agent), /hello$/)

    await broker.end(signal)
    await sleep(2 * staleAfterMs)
    assert.match(await gatedCall(agent), /SESSION_STALE/)
    assert.match(await readOnlyCall(agent), /hello$/)
    const refused = 'cordon_engine_calls_refused_total{reason="SESSION_STALE"}'
    assert.ok((await metricOf(stack, 'engine', refused)) > 0)

    await broker.start()
    const listeningAt = performance.now()
    await eventually('it again', async () => (await gatedCall(agent)).endsWith('is 5.'), promisedMs)
    t.diagnostic(`an open session after ${Math.round(performance.now() - listeningAt)} ms`)
    await eventually('a new session', async () => (await openSession(stack)) !== undefined, promisedMs)
    t.diagnostic(`a new session after ${Math.round(performance.now() - listeningAt)} ms`)
    assert.ok(performance.now() - listeningAt < promisedMs)
    assert.ok(pidsOf(stack).every(isRunning))
  })
}
