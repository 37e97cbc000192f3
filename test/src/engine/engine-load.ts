import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

import { outcomeOf } from '@cordon/engine-socket/fixtures/outcome'
import type { SessionId } from '@cordon/foundation'

import { eventually } from '../support/eventually.ts'
import type { EngineWorld } from './engine-world.ts'

const agents = 4

/** What agents do meanwhile. */
export interface EngineLoad {
  /** What was forwarded, in each session's order. */
  readonly forwarded: ReadonlyMap<SessionId, readonly string[]>
  readonly count: number
  stop(): Promise<void>
}

/** Agents that read and write, until they are stopped. @param pauseMs between the calls of each */
export const startEngineLoad = async (world: EngineWorld, pauseMs = 1): Promise<EngineLoad> => {
  const { client } = world
  const forwarded = new Map<SessionId, string[]>()
  const over = new AbortController()
  const work = async (sessionId: SessionId): Promise<void> => {
    const token = await world.tokenOf(sessionId)
    const ids: string[] = []
    forwarded.set(sessionId, ids)
    for (let count = 0; !over.signal.aborted; count += 1) {
      const tool = count % 5 === 0 ? 'write_file' : 'read_file'
      const reply = await client.authorize({
        token,
        server: 'files',
        tool,
        arguments: { path: `/data/${count}` },
      })
      if (reply.verdict !== 'forward') {
        await sleep(5)
        continue
      }
      ids.push(reply.invocationId!)
      client.report(outcomeOf(reply.invocationId!))
      await sleep(pauseMs)
    }
  }
  const sessions = await Promise.all(Array.from({ length: agents }, () => world.openSession()))
  const working = sessions.map(work)
  return {
    forwarded,
    get count() {
      return [...forwarded.values()].reduce((sum, ids) => sum + ids.length, 0)
    },
    stop: async () => {
      over.abort()
      await Promise.all(working)
    },
  }
}

/** Every forwarded call's attempt is on the log, each session's in the order of its calls; and no record stands there twice. */
export const assertOnRecord = async (
  world: EngineWorld,
  forwarded: ReadonlyMap<SessionId, readonly string[]>,
): Promise<void> => {
  for (const [sessionId, ids] of forwarded) {
    const attempts = (): string[] =>
      world.scorer.events.flatMap(({ name, value }) =>
        name === 'InvocationAttempted' && value.sessionId === sessionId ? [value.invocationId] : [],
      )
    await eventually('every attempt on the log', () => new Set(attempts()).isSupersetOf(new Set(ids)), 60_000)
    const wanted = new Set(ids)
    assert.deepEqual(
      attempts().filter(id => wanted.has(id)),
      ids,
    )
  }
  const records = world.scorer.events.flatMap(({ name, value }) =>
    'invocationId' in value ? [`${name} ${value.invocationId}`] : [],
  )
  assert.equal(new Set(records).size, records.length, 'none twice')
}
