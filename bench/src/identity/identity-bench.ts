import { randomBytes } from 'node:crypto'

import { createNonceEras, type HolderKey } from '@cordon/tokens'

import { type BenchReport, type Figure, thisMachine } from '../report.ts'
import { measureDecisions } from './engine-decisions.ts'
import { measureExchanges } from './exchanges.ts'
import { measureIssuing } from './issuing.ts'
import { measureProofs } from './proof-rounds.ts'
import { makeProvenCalls } from './proven-calls.ts'

const input = {
  // Few, so that both sides of a ratio meet the machine in the same mood.
  callsInRound: 10,
  grantedTools: 5,
  warmUpRounds: 100,
  rounds: 3000,
  warmUpExchanges: 1500,
  exchanges: 4000,
  connections: 64,
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
  const decisions = await measureDecisions(input, now)
  results['decision'] = decisions.figures
  if (decisions.refused > 0) faults.push(`decision: ${decisions.refused} good calls were refused`)
  const exchanged = await measureExchanges(input)
  results['exchange'] = exchanged.figures
  if (exchanged.refused > 0) faults.push(`${exchanged.refused} good exchanges were refused`)
  return {
    name: 'identity',
    machine: thisMachine(),
    input,
    results,
    notes: [
      'proof…: cached session token and call proof verified (token and proof as bytes of a socket, claims, nonce, replay window), against one bare node:crypto verification of the same algorithm and bytes.',
      'downstreamToken: one issued by the engine (Ed25519 of libsodium), against one bare node:crypto Ed25519 signature of as many bytes.',
      'decision: a whole decision of the engine inside its process, from token, proof and arguments to verdict, record and downstream token, against one bare node:crypto Ed25519 verification and one signature of as many bytes.',
      'Both sides of a ratio take turns in one run; a ratio is of one turn of each, given are the median of all turns, the quartiles, and the ratio of the tenth of each side that was disturbed least.',
      'One thread, one session; time is on the wall.',
      'exchange: the identity service with its embedded database, asked over HTTP for sessions of humans and agents that it never saw: ID token, attestation, in-toto statement and proof verified, session kept and on record, first decision of a real scorer awaited, token signed. Per processor second of its process, whatever else the machine does; p50 and p99 in milliseconds, with the load, broker and scorer on the same machine.',
      'Not measured: the digest of the arguments (the engine computes it for the record anyway), HTTP, the socket between proxy and engine, the first verification of a token or key, policy, the log.',
    ],
    ...(faults.length > 0 && { faults }),
  }
}
