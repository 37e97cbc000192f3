import { randomUUID } from 'node:crypto'

import { openHolderKey, type ProvenCall, signCallProof } from '@cordon/tokens'

import type { HttpReply } from './answer-reader.ts'
import type { HeldSession } from './mcp-caller.ts'

/** Proves what one agent asks. What that costs the load is the agent's part of the way, and is measured with it. */
export interface Prover {
  /** @param call absent for what calls nothing @param send asks once; it is asked again where the engine wants another nonce */
  ask(
    call: ProvenCall | undefined,
    send: (proof: Readonly<Record<string, string>>) => Promise<HttpReply>,
  ): Promise<HttpReply>
}

export const createProver = ({ token, seed }: HeldSession, url: string): Prover => {
  const key = openHolderKey(Buffer.from(seed, 'hex'))
  const next = { calls: 0, requests: 0 }
  let nonce = ''
  return {
    ask: async (call, send) => {
      const sequence = (next[call === undefined ? 'requests' : 'calls'] += 1) - 1
      const attempt = async (): Promise<HttpReply> => {
        const dpop = signCallProof(key, {
          tokenText: token,
          method: 'POST',
          url,
          nonce,
          issuedAt: Date.now(),
          sequence,
          ...(call && { call }),
          proofId: randomUUID(),
        })
        const reply = await send({ authorization: `DPoP ${token}`, dpop })
        nonce = reply.headers['dpop-nonce'] ?? nonce
        return reply
      }
      const reply = await attempt()
      return reply.status === 401 ? attempt() : reply
    },
  }
}
