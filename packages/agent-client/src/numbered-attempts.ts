import type { AgentSession } from './agent-session.ts'
import type { CallSequence } from './call-sequence.ts'
import { challengeOf } from './dpop-challenge.ts'
import { neverLeft } from './never-left.ts'

/** Set by the proxy where no engine counted the call's number; says why it was refused. */
export const uncountedHeader = 'cordon-call-uncounted'

/** After this no engine takes a proof any more, whichever of the two clocks is a minute behind the other (`iat`, RFC 9449 §11.1). */
const proofLifeMs = 120_000

/**
 * Sends a request under a number of its own, which is settled with the answer's head: used where an engine may have seen it, free for another otherwise.
 * Where another nonce is asked for or the token is refused, once more each, with the same number.
 * @param send one attempt
 * @param signal whoever gives up before a byte has left; what is under way goes on
 * @returns when an engine counted it, or refused it uncounted
 */
export const attemptNumbered = async (options: {
  readonly session: AgentSession
  readonly server: string
  readonly sequences: CallSequence
  readonly send: (token: string, sequence: number) => Promise<Response>
  readonly signal: AbortSignal
}): Promise<Response> => {
  const { session, server, sequences, send, signal } = options
  // Before it has a number: who waits for identity leaves no gap meanwhile.
  await session.token(server)
  const sequence = await sequences.take(signal)
  let isUnused = true
  let isTooLate = false

  /** While no answer begins, others wait for it no longer than its number could still be taken. */
  const sendInTime = async (token: string): Promise<Response> => {
    const begun = new AbortController()
    void session.timing.waitAside(proofLifeMs, begun.signal).then(() => {
      if (begun.signal.aborted) return
      isTooLate = true
      sequences.settle(sequence, 'used')
    })
    try {
      return await send(token, sequence)
    } finally {
      begun.abort()
    }
  }

  try {
    // The other one may have run out, or the session have ended, while this call waited.
    let token = await session.token(server)
    const answered = { use_dpop_nonce: false, invalid_token: false }
    for (;;) {
      // A fetch that is not begun uses nothing up.
      signal.throwIfAborted()
      isUnused = false
      const response = await sendInTime(token)
      isUnused = response.headers.has(uncountedHeader)
      const challenge = response.status === 401 ? challengeOf(response) : 'other'
      if (challenge === 'other') return response
      // The engine refuses token and nonce before it counts.
      isUnused = true
      if (answered[challenge] || isTooLate) return response
      answered[challenge] = true
      await response.body?.cancel()
      if (challenge === 'invalid_token') token = await session.replaceToken(server, token)
    }
  } catch (error) {
    isUnused ||= neverLeft(error)
    throw error
  } finally {
    // Its answer has begun, or never will: how long the body takes is nothing to others.
    sequences.settle(sequence, isUnused ? 'unused' : 'used')
  }
}
