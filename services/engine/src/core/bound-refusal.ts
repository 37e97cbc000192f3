import type { SessionRates } from '../ports.ts'
import type { CheckedCall } from './check-order.ts'

/**
 * Of refusals that can be brought about without end only so many are put on record. One whose attempt is there is always told: its like are no
 * more than there are attempts, and what became of it must not stay open.
 * @param now milliseconds since the Unix epoch
 */
export const boundRefusal = (
  checked: CheckedCall,
  rates: Pick<SessionRates, 'tellRefusal'>,
  now: number,
): CheckedCall => {
  const { facts, refused } = checked
  const { principal, attempt } = facts
  const source = refused?.boundedAs
  if (refused === undefined || source === undefined || principal === undefined || attempt !== undefined)
    return checked
  if (rates.tellRefusal(principal.sessionId, source, now)) return checked
  return { facts, refused: { ...refused, isRepeated: true } }
}
