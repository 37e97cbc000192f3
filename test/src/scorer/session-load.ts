import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { makeSessionId, partitionOfSession, seededRandom } from '@cordon/foundation'
import type { SessionId } from '@cordon/foundation'
import type { SessionEvent } from '@cordon/risk'
import { generateSession } from '@cordon/scorer/fixtures/generated-sessions'
import type { RecordCodec, StreamClient } from '@cordon/stream'

const sessionsPerWave = 40
const waveMs = 10_000

/** Some hundred records a second of sessions on all partitions, among them bytes that nobody can read, until it is stopped. */
export const startSessionLoad = async (
  client: StreamClient,
  codec: RecordCodec,
  partitions: number,
): Promise<() => Promise<void>> => {
  const publisher = await client.openPublisher()
  const random = seededRandom(3)
  const stopped = new AbortController()

  const wave = (): SessionEvent[] =>
    Array.from({ length: sessionsPerWave }, (_, number) =>
      generateSession(random, {
        sessionId: makeSessionId(number % partitions, randomUUID()),
        agent: number % 5,
        startAt: Date.now() + Math.floor(random() * waveMs),
        bad: random() < 0.2,
      }),
    )
      .flat()
      .toSorted((a, b) => a.at - b.at)

  const outgoing = ({ name, value }: SessionEvent) => ({
    topic: 'session-events' as const,
    partition: partitionOfSession(value.sessionId as SessionId),
    key: value.sessionId,
    value:
      random() < 0.02
        ? Buffer.from('no record')
        : codec.encode<SessionEvent['name']>('session-events', name, value),
  })

  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      // A wave is always finished: no session misses its records because the load stopped.
      for (const events = wave(); events.length > 0; await sleep(20))
        await publisher.publish(events.splice(0, 40).map(outgoing))
    }
  }
  const running = run()
  return async () => {
    stopped.abort()
    await running
    await publisher.close()
  }
}
