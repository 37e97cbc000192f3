import { parseSessionId, partitionOfSession, percentiles, seededRandom } from '@cordon/foundation'
import { baselineLookup } from '@cordon/risk'
import { bundleKernel, createSessionProcessor } from '@cordon/scorer'
import type { OutgoingRecord } from '@cordon/stream'

import { eventOf, learnLoadBaselines } from '../load/load-baselines.ts'
import { makeSession, type DueRecord } from '../load/made-session.ts'
import { publishAll } from '../load/publish-all.ts'
import { answerParent } from '../process/child.ts'
import { benchSigner } from '../stack/bench-signer.ts'
import { plainBundle } from '../stack/plain-bundle.ts'
import { openClient, openCodec } from '../stack/stream-access.ts'
import type { StatePlan, StateQuestions } from './state-questions.ts'

// Writes sessions as a scorer leaves them: scored by the kernel, encoded by the scorer's own processor. In a process of
// its own, so that its memory is gone when the restore is measured.

answerParent<StateQuestions>({
  write: async ({ access, ...plan }) => {
    const client = openClient(access)
    const codec = await openCodec(access)
    const kernel = bundleKernel(plainBundle, baselineLookup(learnLoadBaselines(plan.seed)))
    const processor = createSessionProcessor({
      kernel,
      codec,
      bundleVersion: plainBundle.version,
      forgetAfterMs: Number.POSITIVE_INFINITY,
      signer: benchSigner,
    })
    const sizes: number[] = []
    const samples = Array.from({ length: plan.partitions }, (): string[] => [])
    const states = function* (): Generator<OutgoingRecord, void, undefined> {
      const startAt = Date.now()
      for (const [opened, ...calls] of liveSessions(plan)) {
        const event = eventOf(opened.record, startAt)
        if (event.name !== 'SessionOpened') continue
        const session = kernel.open(event.value, event.at)
        for (const { record, dueMs } of calls) {
          const call = eventOf(record, startAt + Math.floor(dueMs))
          if (call.name === 'InvocationAttempted') kernel.attempt(session, call.value, call.at)
          if (call.name === 'InvocationCompleted') kernel.complete(session, call.value, call.at)
        }
        const { sessionId } = opened
        const partition = partitionOfSession(parseSessionId(sessionId))
        const told = samples[partition]
        if (told !== undefined && told.length < plan.trials) told.push(sessionId)
        const { standing } = session
        const signed = {
          standingVersion: 1,
          ...benchSigner.sign({ sessionId, standing, standingVersion: 1 }),
        }
        const value = processor.encodeState({ session, human: event.value.human, signed })
        sizes.push(value.length)
        yield { topic: 'scorer-state', partition, key: sessionId, value }
      }
    }
    await publishAll(states(), await client.openPublisher())
    await client.close()
    const { p50 = 0, p99 = 0 } = percentiles(sizes)
    const totalBytes = sizes.reduce((sum, size) => sum + size, 0)
    return { medianBytes: p50, p99Bytes: p99, totalBytes, samples }
  },
})

/** Sessions that made their calls and have not ended. */
function* liveSessions({
  sessions,
  seed,
  ...shape
}: Omit<StatePlan, 'access' | 'trials'>): Generator<[DueRecord, ...DueRecord[]], void, undefined> {
  const random = seededRandom(seed)
  for (let made = 0; made < sessions; made += 1) {
    const [opened, ...rest] = makeSession(random, 0, shape)
    if (opened !== undefined) yield [opened, ...rest.slice(0, -1)]
  }
}
