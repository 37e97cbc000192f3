import type { SessionDecision, Verdict } from '@cordon/schemas'

import { reachedStandings, type ReachedStanding } from './replay-report.ts'

/** Counts what became of sessions and of gated calls. */
export class SessionTally {
  readonly #gravest = new Map<string, number>()
  readonly verdicts: Record<Verdict, number> = { forward: 0, hold: 0, deny: 0 }
  decisions = 0

  decided({ sessionId, standing }: SessionDecision): void {
    this.decisions += 1
    const rank = reachedStandings.indexOf(standing as ReachedStanding)
    if (rank > (this.#gravest.get(sessionId) ?? -1)) this.#gravest.set(sessionId, rank)
  }

  judged(verdict: Verdict): void {
    this.verdicts[verdict] += 1
  }

  standings(): Record<ReachedStanding, number> {
    const counts: Record<ReachedStanding, number> = { trusted: 0, verify: 0, read_only: 0, suspended: 0 }
    for (const rank of this.#gravest.values()) {
      const standing = reachedStandings[rank]
      if (standing !== undefined) counts[standing] += 1
    }
    return counts
  }
}
