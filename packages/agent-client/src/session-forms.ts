import type { HolderJwk, HolderKey } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'
import type { IdentityForm } from './identity-endpoint.ts'

/** Whom a session is for (RFC 8693 §2.1). */
export interface SubjectToken {
  readonly token: string
  readonly type:
    | 'urn:ietf:params:oauth:token-type:id_token'
    | 'urn:cordon:token-type:automation-grant'
    | 'urn:ietf:params:oauth:token-type:access_token'
  /** For the session token of another agent: its holder's word that it hands it over. */
  readonly proveParent?: (url: string) => string
  /**
   * For an ID token whose `nonce` names a key (`logInNonceOf`): that key's word that the log-in is for this session's.
   * @param holder thumbprint of the session's key
   */
  readonly proveLogIn?: (url: string, holder: string) => string
}

/** What a session is asked for with. */
export interface SessionRequest {
  readonly holderKey: HolderKey
  /** Asked for each attempt to open the session. */
  readonly subjectToken: () => Promise<SubjectToken>
  /** Asked for each attempt to get a token. Absent where a human uses tools without an agent. */
  readonly attest?: (holder: HolderJwk) => Promise<string>
  /** `server/tool` or `server/*`: all that the session will ever need. */
  readonly tools: readonly string[]
  readonly conversationId?: string
  /** What the human asked for, in their own words; of it fingerprints are kept. Sent once, when the session opens; 64 KiB at most. */
  readonly declaredIntent?: string
}

/** What is posted to `/token`. */
export interface SessionForms {
  /** The server that the first token is for. */
  readonly firstServer: string
  /** Opens a session (RFC 8693). */
  exchange(url: string): Promise<IdentityForm>
  /** A token of that session (RFC 6749 §6, RFC 8707). */
  renewal(server: string, refreshToken: string): Promise<IdentityForm>
}

/** @throws AgentClientError `TOOLS_INVALID` */
export const createSessionForms = (request: SessionRequest): SessionForms => {
  const { holderKey, attest, tools, conversationId, declaredIntent } = request
  const firstServer = firstServerOf(tools)

  const actor = async (): Promise<Record<string, string>> =>
    attest === undefined
      ? {}
      : {
          actor_token: await attest(holderKey.publicJwk),
          actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        }

  return {
    firstServer,
    exchange: async url => {
      const subject = await request.subjectToken()
      const fields = {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: subject.token,
        subject_token_type: subject.type,
        resource: resourceOf(firstServer),
        authorization_details: detailsOf(tools),
        ...(conversationId !== undefined && { conversation_id: conversationId }),
        ...(declaredIntent !== undefined && { declared_intent: declaredIntent }),
        ...(await actor()),
      }
      const { proveParent, proveLogIn } = subject
      const headers = {
        ...(proveParent && { 'dpop-parent': proveParent(url) }),
        ...(proveLogIn && { 'dpop-log-in': proveLogIn(url, holderKey.thumbprint) }),
      }
      return { fields, headers }
    },
    renewal: async (server, refreshToken) => ({
      fields: {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        resource: resourceOf(server),
        ...(await actor()),
      },
    }),
  }
}

const resourceOf = (server: string): string => `urn:cordon:server:${server}`

/** RFC 9396. */
const detailsOf = (tools: readonly string[]): string =>
  JSON.stringify(tools.map(identifier => ({ type: 'mcp_tool', identifier })))

const firstServerOf = (tools: readonly string[]): string => {
  const bad = tools.find(tool => !/^[^\s/]+\/\S+$/.test(tool))
  const [first] = tools
  if (first !== undefined && bad === undefined) return first.slice(0, first.indexOf('/'))
  throw new AgentClientError(
    'TOOLS_INVALID',
    `tools: expected at least one, as "server/tool" or "server/*", got ${bad === undefined ? 'none' : 'another form'}`,
  )
}
