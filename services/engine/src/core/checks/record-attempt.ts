import { isSensitive } from '@cordon/policy'

import { attemptRecord } from '../attempt-record.ts'
import type { AttemptFacts, BundleFacts, CallFacts, ClassifiedFacts, PrincipalFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

type Needs = CallFacts & PrincipalFacts & BundleFacts & ClassifiedFacts

const failed = deny(
  'RECORDING_FAILED',
  'The call could not be put on record, so it is not forwarded. Try again later.',
)

// Said of the call: the log works, so to wait for it does not help, and what the bundle lets pass while it does not is no matter.
const unwritable = deny(
  'RECORD_UNWRITABLE',
  'What this call would leave on record cannot be written, so it is not forwarded. To try it again does not help; simpler arguments may.',
)

/**
 * Nothing is forwarded before it is on record: on this machine's disk or acknowledged by Kafka where the call is
 * sensitive, on its way there otherwise. A tool in mode `monitor` never waits. What can be on no record passes nowhere.
 */
export const recordAttempt: Check<Needs, AttemptFacts> = {
  name: 'record-attempt',
  async run(facts, { sessionLog, sequences, gateVerdicts, deadlines }) {
    const { entry, principal, invocationId, bundle } = facts
    const { gateTimeoutMs, recordTimeoutMs } = bundle.failSafe
    const isGated = entry.mode === 'gate'
    const isAwaited = isSensitive(entry) && entry.mode !== 'monitor'
    // Before the attempt is published: its answer must find somebody waiting.
    const expectedVerdict = isGated
      ? gateVerdicts.expect(principal.sessionId, invocationId, gateTimeoutMs)
      : undefined
    // Taken even where the queue turns out to be full: the gap tells the scorer that an attempt is missing.
    const attempt = attemptRecord(facts, sequences.next(principal.sessionId))
    const record = { name: 'InvocationAttempted', value: attempt } as const
    const recording = sessionLog.append(principal.sessionId, [record], isAwaited ? 'now' : 'soon')
    if (recording === 'unwritable') {
      expectedVerdict?.abandon()
      // The denial is put on record without it: together they could not be written either.
      return refuse(unwritable, { attempt })
    }
    if (recording === 'full') {
      expectedVerdict?.abandon()
      const isDenied = isSensitive(entry) || bundle.failSafe.whenUnrecorded === 'deny-all'
      return isDenied ? refuse(failed) : pass({})
    }
    if (!isAwaited) return pass({ attempt })
    const isOnRecord = await deadlines.within(recording.onRecord(), isGated ? gateTimeoutMs : recordTimeoutMs)
    if (isOnRecord === true) return pass({ attempt, ...(expectedVerdict && { expectedVerdict }) })
    expectedVerdict?.abandon()
    return refuse(failed, { attempt })
  },
}
