import type { OutcomeReport } from '@cordon/engine-socket'
import { grantsTool, type TokenVerification } from '@cordon/tokens'

import type { EnginePorts } from '../ports.ts'
import type { CompletedInvocation } from './open-invocations.ts'

/**
 * How long ago the token may have expired that a call was let pass with: an hour is the longest call where a proxy's settings say nothing else,
 * a task lives as long as its MCP session. Nothing but outcomes can be said with it by then.
 */
const maxExpiredMs = 24 * 60 * 60_000

/**
 * However few calls a session may begin at once, so many of those that take long can be open when their engine is gone. As many at most can be
 * made up at once, of one session.
 */
const leastOutcomes = 1000

/**
 * The call of an outcome that this engine does not know as open: another engine let it pass, which is gone. Whether there was such a call only
 * the log knows; that its session may have made it the token says, and the catalogue. Whoever reports can lie about outcomes in any case, but not
 * in a session that it has no token of, and in the long run not faster than the session may call. Where the token's key was withdrawn meanwhile it counts if this
 * engine verified it before: the key may have been stolen, and says nothing of tokens that nobody saw. Other outcomes stay open on record.
 * @param verification of the token that came with the outcome
 * @param now milliseconds since the Unix epoch
 * @returns `undefined` where the outcome cannot be put on record
 */
export const foreignInvocation = (
  { server, tool }: NonNullable<OutcomeReport['call']>,
  verification: TokenVerification,
  { bundles, decisions, rates }: Pick<EnginePorts, 'bundles' | 'decisions' | 'rates'>,
  now: number,
): CompletedInvocation | undefined => {
  const principal = verification.ok ? verification.token : verification.former
  const bundle = bundles.current()
  if (principal === undefined || bundle === undefined) return undefined
  const { sessionId, expiresAt } = principal
  if (now - expiresAt > maxExpiredMs) return undefined
  const name = `${server}/${tool}`
  if (!grantsTool(principal, tool) || !Object.hasOwn(bundle.catalogue, name)) return undefined
  // Of sessions that are not known there is no log.
  if (decisions.find(sessionId) === undefined) return undefined
  const limit = { ...bundle.rateLimit, burst: Math.max(bundle.rateLimit.burst, leastOutcomes) }
  return rates.takeOutcome(sessionId, limit, now) ? { sessionId, tool: name } : undefined
}
