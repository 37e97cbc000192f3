import type { AgentSession } from './agent-session.ts'
import type { CallSequence } from './call-sequence.ts'
import { challengeOf } from './dpop-challenge.ts'
import { neverLeft } from './never-left.ts'
import { orAborted } from './or-aborted.ts'

/** Set by the proxy where no engine counted the call's number; says why it was refused. */
export const uncountedHeader = 'cordon-call-uncounted'

/** After this no engine takes a proof any more, whichever of the two clocks is a minute behind the other (`iat`, RFC 9449 §11.1). */
const proofLifeMs = 120_000

/** One request, and what it is sent with. */
interface NumberedRequest {
  readonly session: AgentSession
  readonly server: string
  readonly sequences: CallSequence
  /** One attempt. */
  readonly send: (token: string, sequence: number) => Promise<Response>
  /** Of whoever gives up before a byte has left; what is under way goes on. */
  readonly signal: AbortSignal
}

interface Pass {
  readonly token: string
  readonly sequence: number
}

/**
 * Sends a request under a number of its own. Where another nonce is asked for or the token is refused, once more each.
 * @returns when an engine counted it, or refused it uncounted
 */
export const attemptNumbered = async (request: NumberedRequest): Promise<Response> => {
  const { session, server, signal } = request
  const first = await takePass(request)
  const response = await sendUnder(request, first)
  if (response.status !== 401 || challengeOf(response) !== 'invalid_token') return response
  await response.body?.cancel()
  // Its number is free meanwhile: identity may take a minute to answer.
  await orAborted(session.replaceToken(server, first.token), signal)
  return sendUnder(request, await takePass(request))
}

/** A number, and a token that is good then: nothing that others wait for is held while identity is asked. */
const takePass = async ({ session, server, sequences, signal }: NumberedRequest): Promise<Pass> => {
  for (;;) {
    await orAborted(session.token(server), signal)
    const sequence = await sequences.take(signal)
    const token = session.tokenInHand(server)
    if (token !== undefined) return { token, sequence }
    // It ran out, or the session is in doubt, since this call began to wait.
    sequences.settle(sequence, 'unused')
  }
}

/** Settles the number with the answer's head: used where an engine may have seen it, free for another request otherwise. */
const sendUnder = async (request: NumberedRequest, { token, sequence }: Pass): Promise<Response> => {
  const { session, sequences, send, signal } = request
  let isUnused = true
  let isTooLate = false

  /** While no answer begins, others wait for it no longer than its number could still be taken. */
  const sendInTime = async (): Promise<Response> => {
    const begun = new AbortController()
    void session.timing.waitAside(proofLifeMs, begun.signal).then(() => {
      if (begun.signal.aborted) return
      isTooLate = true
      sequences.settle(sequence, 'used')
    })
    // A fetch that is not begun uses nothing up.
    isUnused = false
    try {
      return await send(token, sequence)
    } finally {
      begun.abort()
    }
  }

  try {
    for (let isLast = false; ; isLast = true) {
      signal.throwIfAborted()
      const response = await sendInTime()
      const challenge = response.status === 401 ? challengeOf(response) : 'other'
      // The engine refuses token and nonce before it counts.
      isUnused = challenge !== 'other' || response.headers.has(uncountedHeader)
      if (challenge !== 'use_dpop_nonce' || isLast || isTooLate) return response
      await response.body?.cancel()
    }
  } catch (error) {
    isUnused ||= neverLeft(error)
    throw error
  } finally {
    // Its answer has begun, or never will: how long the body takes is nothing to others.
    sequences.settle(sequence, isUnused ? 'unused' : 'used')
  }
}
