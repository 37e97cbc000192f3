import { openDecisionSigner, type DecisionSigner } from '@cordon/decisions'
import { verdictAt } from '@cordon/engine'
import type { Bundle } from '@cordon/policy'
import type { Assessment, Baselines, Kernel, SessionEvent } from '@cordon/risk'
import { baselineLookup } from '@cordon/risk'
import type { InvocationAttempted, Standing, Verdict } from '@cordon/schemas'
import { bundleKernel, createSessionProcessor } from '@cordon/scorer'
import { createLocalSerde } from '@cordon/serde'
import { StreamDriver } from '@cordon/stream'

import type { ScoredCall } from './scored-session.ts'

/** Scores session logs as the scorer service does. */
export interface DrivenScoring {
  /** @param log one session's, beginning with its opening */
  score(log: readonly SessionEvent[]): Promise<readonly ScoredCall[]>
}

const forgetAfterMs = 60_000
// No decision leaves the driver, so nobody asks who signed it.
const { key } = openDecisionSigner(Buffer.alloc(32, 1))
const unsigned = { keyId: key.keyId, signature: Buffer.alloc(64) }
const signer: DecisionSigner = {
  key,
  sign: () => unsigned,
  signBeat: () => unsigned,
  signVerdict: () => unsigned,
}

/** Records that are written before they are scored; then the driver forgets them, and some 10 KB that each of them made. */
const forgetEvery = 500

/** Each session runs on a driver of its own: what one leaves behind reaches no other. */
export const drivenScoring = (bundle: Bundle, baselines: Baselines): DrivenScoring => {
  const codec = createLocalSerde()
  const kernel = bundleKernel(bundle, baselineLookup(baselines))
  return {
    async score(log) {
      const calls = new Map<string, ScoredCall>()
      const watched = watchCalls(kernel, (invocationId, verdict, assessment) => {
        const { score, standing, evidence, contributions } = assessment
        const index = calls.get(invocationId)?.index ?? calls.size
        calls.set(invocationId, { index, score, standing, verdict, evidence, contributions })
      })
      const processor = createSessionProcessor({
        kernel: watched,
        codec,
        bundleVersion: bundle.version,
        forgetAfterMs,
        signer,
      })
      let now = log[0]?.at ?? 0
      const driver = await StreamDriver.open({
        processor,
        codec,
        tickIntervalMs: 0,
        startAt: now,
        isChecked: false,
      })
      for (const [position, { name, value, at }] of log.entries()) {
        now = Math.max(now, at)
        const record = codec.encode<SessionEvent['name']>('session-events', name, value)
        driver.pipeAt(now, { key: value.sessionId, value: record })
        if (position % forgetEvery !== forgetEvery - 1) continue
        await driver.advance(now - driver.now)
        driver.forget()
      }
      await driver.advance(Math.max(0, now - driver.now))
      await driver.settle()
      return [...calls.values()]
    },
  }
}

/** Tells of every call; of those that the engine refused by itself once more, with its refusal. */
const watchCalls = (
  kernel: Kernel,
  onCall: (invocationId: string, verdict: Verdict, assessment: Assessment) => void,
): Kernel => ({
  ...kernel,
  attempt(session, attempt, now) {
    const before = session.standing
    const assessment = kernel.attempt(session, attempt, now)
    if (!assessment.duplicate)
      onCall(attempt.invocationId, verdictOn(attempt, before, assessment), assessment)
    return assessment
  },
  deny(session, denied, now) {
    const assessment = kernel.deny(session, denied, now)
    onCall(denied.invocationId, denied.verdict, assessment)
    return assessment
  },
})

/** A gated call waits for what the scorer makes of it; any other is decided by what was known before. */
const verdictOn = (attempt: InvocationAttempted, before: Standing, { verdict }: Assessment): Verdict =>
  attempt.mode === 'gate' ? verdict : verdictAt(before, attempt)
