import { hashText } from '../hash.ts'
import { seen } from './invocation-ring.ts'
import type { Session } from './session.ts'

/**
 * Takes each sort of record of an invocation once.
 * @param mark of `seen`
 * @returns place of the invocation in the ring; -1 where this sort of record had been taken before
 */
export const takeRecord = ({ ring, calls }: Session, invocationId: string, mark: number): number => {
  const id = hashText(invocationId)
  const found = ring.find(id)
  // An attempt is the next call; a completion without one is taken for the latest.
  const place = found < 0 ? ring.add(id, mark === seen.attempt ? calls : Math.max(0, calls - 1)) : found
  return ring.mark(place, mark) ? place : -1
}
