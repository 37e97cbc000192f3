import type { BundleFacts, CallFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

type Needs = CallFacts & PrincipalFacts & BundleFacts & SessionFacts

/** To look through 4 KiB takes 2 ms at worst (addresses without end), an attempt as such 0.1 ms. */
const bytesOfOneCall = 4 * 1024

/**
 * Before anything costs much: a session that floods takes from all others the partition that they share, the scorer's
 * time and this engine's. Its refusals would flood the log as its attempts would have: some are on record, all are counted.
 */
export const limitRate: Check<Needs, object> = {
  name: 'limit-rate',
  run({ call, principal, bundle, now }, { rates }) {
    const { rateLimit } = bundle
    const calls = 1 + Math.floor((call.bytes ?? 0) / bytesOfOneCall)
    if (rates.take(principal.sessionId, rateLimit, now, calls)) return pass({})
    const { callsPerSecond, burst } = rateLimit
    const message = `Expected at most ${callsPerSecond} calls a second of one session, ${burst} at once, got more (each ${bytesOfOneCall} bytes count as another). Try again later.`
    return refuse({ ...deny('RATE_LIMITED', message), boundedAs: 'agent' })
  },
}
