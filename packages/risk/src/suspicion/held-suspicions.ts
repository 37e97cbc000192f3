import { residualNats, withSession } from './suspicion.ts'
import type { EarlierSession, Suspicion } from './suspicion.ts'

/** What an agent's sessions left behind, beside what its next ones have been told of it. */
export interface HeldSuspicions {
  readonly held: readonly Suspicion[]
  readonly told: readonly Suspicion[]
  /** The two differ so much that new sessions have to hear of it at once. */
  readonly isUrgent: boolean
}

export const noSuspicions: HeldSuspicions = { held: [], told: [], isUrgent: false }

/** A change that new sessions have to hear of at once. */
const tellingNats = 1

/**
 * With one session more.
 * @param times -1 where that session was cleared afterwards
 * @returns the same object where that changes nothing, as of nearly every session
 */
export const afterSession = (
  suspicions: HeldSuspicions,
  session: EarlierSession,
  times: 1 | -1 = 1,
): HeldSuspicions => {
  const { told, isUrgent } = suspicions
  const held = withSession(suspicions.held, session, times)
  if (held.length === 0 && suspicions.held.length === 0) return suspicions
  const difference = natsOf(held, session) - natsOf(told, session)
  return { held, told, isUrgent: isUrgent || Math.abs(difference) >= tellingNats }
}

/** Once a version of the baseline says so. */
export const asTold = ({ held }: HeldSuspicions): HeldSuspicions => ({ held, told: held, isUrgent: false })

const natsOf = (suspicions: readonly Suspicion[], { human, at }: EarlierSession): number => {
  const suspicion = suspicions.find(entry => entry.human === human)
  return suspicion === undefined ? 0 : residualNats(suspicion, at)
}
