import { randomUUID } from 'node:crypto'

import { openHolderKey, type ProvenMessage, signCallProof } from '@cordon/tokens'

import type { HttpReply } from './answer-reader.ts'
import type { HeldSession } from './mcp-caller.ts'

/** Proves what one agent asks. What that costs the load is the agent's part of the way, and is measured with it. */
export interface Prover {
  /** @param message of the body @param send asks once; it is asked again where the engine wants another nonce */
  ask(
    message: ProvenMessage,
    send: (proof: Readonly<Record<string, string>>) => Promise<HttpReply>,
  ): Promise<HttpReply>
}

export const createProver = ({ token, seed }: HeldSession, url: string): Prover => {
  const key = openHolderKey(Buffer.from(seed, 'hex'))
  const next = { calls: 0, requests: 0 }
  let nonce = ''
  return {
    ask: async (message, send) => {
      const sequence = (next['tool' in message ? 'calls' : 'requests'] += 1) - 1
      const attempt = async (): Promise<HttpReply> => {
        const dpop = signCallProof(key, {
          tokenText: token,
          method: 'POST',
          url,
          nonce,
          issuedAt: Date.now(),
          sequence,
          message,
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
