import { hash } from 'node:crypto'

import type { NumberedProof } from './numbered-proof.ts'

/** The proofs that gave their numbers back: another proof may have such a number, the very same one is good no more. */
export interface GivenBackProofs {
  /** @param line that the proof's number is of */
  add(line: GivenBackLine, proof: NumberedProof): void
  /**
   * Whether a proof whose number was given back before may take it.
   * @returns `forgotten`: as old as some that are not remembered any more, so that nobody can tell; one that is signed later is `fresh`
   */
  look(line: GivenBackLine, proof: NumberedProof): 'fresh' | 'replayed' | 'forgotten'
}

/** What outlasts the memory of single proofs, of one session's counter. */
export interface GivenBackLine {
  /** When the newest proof was issued that was forgotten. Milliseconds since the Unix epoch. */
  forgottenUpTo: number
}

/** Remembered together, and forgotten together. */
interface Generation {
  readonly digests: Set<string>
  /** When the newest of them of each line was issued. */
  readonly newest: Map<GivenBackLine, number>
}

/** Some 200 bytes each at most. To verify and refuse as many takes an engine seconds. */
const defaultMaxProofs = 100_000

/**
 * Of all sessions together. Where there is no room, the older half is forgotten, and of the numbers that those had only proofs count that were
 * signed later. That costs no honest agent more than another attempt, for which it signs anew.
 */
export const createGivenBackProofs = (maxProofs: number = defaultMaxProofs): GivenBackProofs => {
  let current = newGeneration()
  let previous = newGeneration()

  const makeRoom = (): void => {
    for (const [line, issuedAt] of previous.newest)
      line.forgottenUpTo = Math.max(line.forgottenUpTo, issuedAt)
    previous = current
    current = newGeneration()
  }

  return {
    add(line, { proof, issuedAt }) {
      if (current.digests.size >= maxProofs / 2) makeRoom()
      current.digests.add(digestOf(proof))
      current.newest.set(line, Math.max(issuedAt, current.newest.get(line) ?? issuedAt))
    },
    look({ forgottenUpTo }, { proof, issuedAt }) {
      const digest = digestOf(proof)
      if (current.digests.has(digest) || previous.digests.has(digest)) return 'replayed'
      return issuedAt > forgottenUpTo ? 'fresh' : 'forgotten'
    },
  }
}

const newGeneration = (): Generation => ({ digests: new Set(), newest: new Map() })

const digestOf = (proof: string): string => hash('sha256', proof, 'base64url')
