import { randomBytes } from 'node:crypto'

import { createNonceEras, type HolderKey } from '@cordon/tokens'

import { type BenchReport, type Figure, thisMachine } from '../report.ts'
import { measureIssuing } from './issuing.ts'
import { measureProofs } from './proof-rounds.ts'
import { makeProvenCalls } from './proven-calls.ts'

const input = {
  // Few, so that both sides of a ratio meet the machine in the same mood.
  callsInRound: 20,
  grantedTools: 5,
  warmUpRounds: 100,
  rounds: 1000,
} as const

const algorithms: readonly HolderKey['algorithm'][] = ['EdDSA', 'ES256']

/** What identity costs a call in the engine, beside the signatures that are its floor. */
export const runIdentityBench = async (): Promise<BenchReport> => {
  const now = Date.now()
  const nonces = createNonceEras({ secret: randomBytes(32) })
  const results: Record<string, Record<string, Figure>> = {}
  const faults: string[] = []
  for (const algorithm of algorithms) {
    const calls = await makeProvenCalls(algorithm, {
      calls: input.callsInRound,
      grantedTools: input.grantedTools,
      now,
      nonce: nonces.current(now),
    })
    const measured = measureProofs(calls, nonces, input, now)
    results[`proof${algorithm}`] = measured.figures
    if (measured.refused > 0) faults.push(`${algorithm}: ${measured.refused} good proofs were refused`)
  }
  results['downstreamToken'] = measureIssuing(input, now)
  return {
    name: 'identity',
    machine: thisMachine(),
    input,
    results,
    notes: [
      'proof…: cached session token and call proof verified (token and proof as bytes of a socket, claims, nonce, replay window), against one bare node:crypto verification of the same algorithm and bytes.',
      'downstreamToken: one issued by the engine (Ed25519 of libsodium), against one bare node:crypto Ed25519 signature of as many bytes.',
      'Both sides of a ratio take turns in one run; a ratio is of one turn of each, given are the median of all turns and the quartiles.',
      'One thread, one session; time is on the wall.',
      'Not measured: the digest of the arguments (the engine computes it for the record anyway), HTTP, the socket between proxy and engine, the first verification of a token or key, policy, the log.',
    ],
    ...(faults.length > 0 && { faults }),
  }
}
