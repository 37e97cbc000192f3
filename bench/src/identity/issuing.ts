import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'

import { makeSessionId, parseAgentId } from '@cordon/foundation'
import {
  createDownstreamIssuer,
  digestArguments,
  generateDownstreamSecret,
  openDownstreamKey,
  type SessionToken,
} from '@cordon/tokens'

import type { Figure } from '../report.ts'
import { issuer, server } from './proven-calls.ts'
import { compareInTurns, type Turns } from './turns.ts'

/** Issues downstream tokens, in turns with bare signatures of as many bytes. */
export const measureIssuing = (turns: Turns, now: number): Record<string, Figure> => {
  const tokens = createDownstreamIssuer({
    issuer: `${issuer}/engines`,
    key: openDownstreamKey(generateDownstreamSecret()),
  })
  const { privateKey } = generateKeyPairSync('ed25519')
  const session = sessionAt(now)
  const argumentsDigest = digestArguments({ path: '/notes/today.md' })
  const call = { id: randomUUID(), method: 'tools/call', tool: 'read_file', argumentsDigest }
  const text = tokens.issue(session, call, now)
  const bytes = Buffer.from(text.slice(0, text.lastIndexOf('.')))
  return compareInTurns(
    turns,
    () => {
      for (let count = 0; count < turns.callsInRound; count += 1) sign(null, bytes, privateKey)
    },
    () => {
      for (let count = 0; count < turns.callsInRound; count += 1) tokens.issue(session, call, now)
    },
  )
}

const sessionAt = (now: number): SessionToken => {
  const agentId = parseAgentId('bench-agent')
  return {
    sessionId: makeSessionId(0, randomUUID()),
    human: 'alice@example.com',
    agentId,
    actor: { agentId, instance: randomUUID(), platform: 'desk', model: 'model-1' },
    platform: 'desk',
    role: 'analyst',
    clearance: 2,
    server,
    tools: new Set([`${server}/*`]),
    tokenId: 'bench',
    transactionId: randomUUID(),
    issuedAt: now,
    expiresAt: Math.ceil(now / 1000) * 1000 + 300_000,
    authenticatedAt: now,
    acr: '0',
    holder: 'bench',
    status: { uri: 'https://identity.example/status/0', index: 7 },
  }
}
