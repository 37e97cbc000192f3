import { isSessionId, type SessionId } from '@cordon/foundation'
import { z } from 'zod'

import { maxDelegationDepth } from './actor.ts'
import type { SessionToken } from './session-token.ts'

// `agentic_ctx` is of a draft: its names stand here and nowhere else.

/** What runs, who vouches for it, who runs it, and what it belongs to. */
export interface AgentContextClaims {
  readonly prov: {
    readonly manifest_hash: string
    readonly tools_digest: string
    readonly model_id: string
    readonly version: string
  }
  readonly posture: { readonly code_digest: string; readonly attester: string }
  readonly deployer: string
  readonly session: {
    readonly conversation_id?: string | undefined
    readonly human_session?: string | undefined
    readonly delegated_by?: readonly SessionId[] | undefined
    readonly grant_id?: string | undefined
  }
}

const text = z.string().min(1).max(512)

export const agentContextSchema: z.ZodType<AgentContextClaims> = z.strictObject({
  prov: z.strictObject({ manifest_hash: text, tools_digest: text, model_id: text, version: text }),
  posture: z.strictObject({ code_digest: text, attester: text }),
  deployer: text,
  session: z.strictObject({
    conversation_id: text.optional(),
    human_session: text.optional(),
    delegated_by: z.array(z.string().refine(isSessionId)).min(1).max(maxDelegationDepth).optional(),
    grant_id: text.optional(),
  }),
})

/** What a token of an agent says beyond who acts for whom. */
export type AgentContext = Pick<
  SessionToken,
  'provenance' | 'posture' | 'deployer' | 'conversationId' | 'humanSession' | 'ancestors' | 'grantId'
>

/** @returns `undefined` where something is missing that an agent must have */
export const claimsOfContext = (context: AgentContext): AgentContextClaims | undefined => {
  const { provenance, posture, deployer, conversationId, humanSession, ancestors, grantId } = context
  if (provenance === undefined || posture === undefined || deployer === undefined) return undefined
  return {
    prov: {
      manifest_hash: provenance.manifestHash,
      tools_digest: provenance.toolsDigest,
      model_id: provenance.model,
      version: provenance.version,
    },
    posture: { code_digest: posture.codeDigest, attester: posture.attester },
    deployer,
    session: {
      ...(conversationId !== undefined && { conversation_id: conversationId }),
      ...(humanSession !== undefined && { human_session: humanSession }),
      ...(ancestors !== undefined && ancestors.length > 0 && { delegated_by: ancestors }),
      ...(grantId !== undefined && { grant_id: grantId }),
    },
  }
}

export const contextOf = ({ prov, posture, deployer, session }: AgentContextClaims): AgentContext => ({
  provenance: {
    manifestHash: prov.manifest_hash,
    toolsDigest: prov.tools_digest,
    model: prov.model_id,
    version: prov.version,
  },
  posture: { codeDigest: posture.code_digest, attester: posture.attester },
  deployer,
  ...(session.conversation_id !== undefined && { conversationId: session.conversation_id }),
  ...(session.human_session !== undefined && { humanSession: session.human_session }),
  ...(session.delegated_by !== undefined && { ancestors: session.delegated_by }),
  ...(session.grant_id !== undefined && { grantId: session.grant_id }),
})
