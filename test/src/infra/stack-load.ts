import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Stack } from '@cordon/infra'
import type { Records } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'

import { openSession } from '../support/opened-session.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { connectAgent, gatedCall, readOnlyCall } from './stack-session.ts'

/** What one session's agent did meanwhile. */
interface AgentWork {
  readonly sessionId: string
  /** What each call was answered. */
  readonly reads: string[]
  readonly gated: string[]
}

export interface StackLoad {
  readonly agents: readonly AgentWork[]
  stop(): Promise<void>
}

/** Agents with a session each, that read, and ask for what is gated, until they are stopped. */
export const startStackLoad = async (t: TestContext, stack: Stack, count: number): Promise<StackLoad> => {
  const over = new AbortController()
  const agents: AgentWork[] = []
  const working: Promise<void>[] = []
  for (let index = 0; index < count; index += 1) {
    const session = await openSession(stack)
    assert.ok(session)
    const agent = await connectAgent(t, stack, session)
    const work: AgentWork = { sessionId: session.sessionId, reads: [], gated: [] }
    agents.push(work)
    const run = async (): Promise<void> => {
      for (let call = 0; !over.signal.aborted; call += 1) {
        if (call % 5 === 0) work.gated.push(await gatedCall(agent))
        else work.reads.push(await readOnlyCall(agent))
        await sleep(20)
      }
    }
    working.push(run())
  }
  return {
    agents,
    async stop() {
      over.abort()
      await Promise.all(working)
    },
  }
}

/** Everything that stands in `session-events` of these sessions, by session and in order. */
export const sessionLogs = async (
  stack: Stack,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, { name: string; value: Partial<Records['InvocationAttempted']> }[]>> => {
  const { settings } = stack.broker
  const codec = await openSerde({
    registry: stack.registry.settings,
    topicPrefix: settings.topicPrefix,
    register: false,
  })
  const client = openKafkaClient(settings, { log: recordedLog() })
  const logs = new Map(sessionIds.map(id => [id, [] as { name: string; value: object }[]]))
  const table = await client.openTable({
    topic: 'session-events',
    maxWaitMs: 100,
    onRecord({ value }) {
      if (value === null) return
      const record = codec.decode(value)
      if ('sessionId' in record.value) logs.get(record.value.sessionId)?.push(record)
    },
  })
  await table.caughtUp
  await table.close()
  await client.close()
  return logs
}
