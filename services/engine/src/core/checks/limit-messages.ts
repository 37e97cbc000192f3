import type { RateLimit } from '@cordon/policy'

import type { BundleFacts, CallFacts, PrincipalFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

/**
 * However few calls a session may make, its client has to get going: some 8 messages at each of its servers, more with long lists, and
 * again whenever it connects anew; and it may ask for the state of many tasks.
 */
const leastMessages: RateLimit = { callsPerSecond: 100, burst: 300 }

/** Most messages are smaller, with all that a client says of itself in each (MCP 2026-07-28). */
const bytesOfOneMessage = 1024

/**
 * What calls nothing and is small: whoever says much in many pieces is slowed down. Apart from the calls, which neither has to wait for.
 * Nothing of it is on record.
 */
export const limitMessages: Check<CallFacts & PrincipalFacts & BundleFacts, object> = {
  name: 'limit-messages',
  run({ call, principal, bundle: { rateLimit }, now }, { rates }) {
    const limit = {
      callsPerSecond: Math.max(rateLimit.callsPerSecond, leastMessages.callsPerSecond),
      burst: Math.max(rateLimit.burst, leastMessages.burst),
    }
    const messages = 1 + Math.floor((call.bytes ?? 0) / bytesOfOneMessage)
    if (rates.takeMessages(principal.sessionId, limit, now, messages)) return pass({})
    const message = `Expected at most ${limit.callsPerSecond} messages a second of one session beside its calls, ${limit.burst} at once, got more (each ${bytesOfOneMessage} bytes count as another). Try again later.`
    return refuse(deny('RATE_LIMITED', message))
  },
}
