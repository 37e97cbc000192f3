import type { SessionId } from '@cordon/foundation'
import type { SessionOpened } from '@cordon/schemas'
import type { Actor } from '@cordon/tokens'

import type { HeldAgent, HeldSession, StoredSession } from './held-session.ts'
import type { AttestedAgent } from './judge-actor.ts'
import type { SessionGrant } from './judge-exchange.ts'

/** A session made of what was granted. */
export const sessionOfGrant = (
  { agent, until, ...rest }: SessionGrant,
  facts: {
    readonly sessionId: SessionId
    readonly parent: StoredSession | undefined
    readonly now: number
    readonly sessionLifeMs: number
  },
): HeldSession => {
  const { sessionId, parent, now } = facts
  const instance = sessionId.slice(sessionId.indexOf('.') + 1)
  return {
    ...rest,
    sessionId,
    // A piece of work has the name of the session that it began with.
    transactionId: parent?.session.transactionId ?? instance,
    agent: agent === undefined ? null : heldAgent(agent, instance, parent?.session.agent?.actor),
    openedAt: now,
    endsAt: Math.min(now + facts.sessionLifeMs, until ?? Number.POSITIVE_INFINITY),
  }
}

const heldAgent = (
  { attestation, manifest, manifestHash, toolsDigest }: AttestedAgent,
  instance: string,
  delegatedBy: Actor | undefined,
): HeldAgent => {
  const { agentId, platform, codeDigest, attester } = attestation
  const { model, version, deployer } = manifest
  return {
    actor: { agentId, instance, platform, model, ...(delegatedBy && { delegatedBy }) },
    provenance: { manifestHash, toolsDigest, model, version },
    posture: { codeDigest, attester },
    deployer,
  }
}

/** The first record of its log. */
export const openingOf = (session: HeldSession, bundleVersion: number): SessionOpened => ({
  sessionId: session.sessionId,
  openedAt: session.openedAt,
  human: session.human,
  agentId: session.agentId,
  platform: session.platform,
  role: session.role,
  conversationId: session.conversationId,
  intent: session.intent ?? null,
  intentWording: Buffer.from(session.intentWording ?? '', 'base64'),
  bundleVersion,
  deployer: session.agent?.deployer ?? null,
  manifestHash: session.agent?.provenance.manifestHash ?? null,
  holder: session.holder,
  humanSession: session.humanSession,
  parentSessionId: session.ancestors[0] ?? null,
  transactionId: session.transactionId,
})
