import { uuidV7 } from '@cordon/foundation'
import { type HolderJwk, type HolderKey, signRequestProof } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'
import { type CallSequence, createCallSequence } from './call-sequence.ts'
import { parseTokenAnswer, type TokenAnswer } from './identity-answer.ts'
import { createIdentityEndpoint, type IdentityForm } from './identity-endpoint.ts'
import { parseSecureUrl } from './secure-url.ts'
import { createServerTokens } from './server-tokens.ts'
import { systemTiming, type Timing } from './timing.ts'

/** Whom the session is for (RFC 8693 §2.1). */
export interface SubjectToken {
  readonly token: string
  readonly type:
    | 'urn:ietf:params:oauth:token-type:id_token'
    | 'urn:cordon:token-type:automation-grant'
    | 'urn:ietf:params:oauth:token-type:access_token'
  /** For the session token of another agent: its holder's word that it hands it over. */
  readonly proveParent?: (url: string) => string
}

export interface AgentSessionOptions {
  /** The identity service, by its public URL. */
  readonly issuer: string
  /** The proxy, by its public URL. */
  readonly proxyUrl: string
  readonly holderKey: HolderKey
  /** Asked for each attempt to open the session. */
  readonly subjectToken: () => Promise<SubjectToken>
  /** Asked for each attempt to get a token. Absent where a human uses tools without an agent. */
  readonly attest?: (holder: HolderJwk) => Promise<string>
  /** `server/tool` or `server/*`: all that the session will ever need. */
  readonly tools: readonly string[]
  readonly conversationId?: string
  /** Called once, where the session is not renewed any more. */
  readonly onEnded?: (error: AgentClientError) => void
  readonly fetch?: typeof fetch
  readonly timing?: Timing
}

/** One run of one agent for one human. */
export interface AgentSession {
  readonly sessionId: string
  /** The latest that it may go on, in milliseconds since the Unix epoch, where identity said so. */
  readonly endsAt: number | undefined
  readonly proxyUrl: string
  readonly holderKey: HolderKey
  readonly timing: Timing
  readonly fetch: typeof fetch
  /** Counted over all servers. */
  readonly sequences: { readonly call: CallSequence; readonly other: CallSequence }
  /**
   * A session token for that server, good for a while.
   * @throws AgentClientError `SESSION_ENDED`, a refusal, or `IDENTITY_UNAVAILABLE`
   */
  token(server: string): Promise<string>
  /** As `token`, in place of one that was refused. */
  replaceToken(server: string, refusedText: string): Promise<string>
  /** For the session of a sub-agent, which gets no more than this one has. */
  delegate(server: string): Promise<SubjectToken>
  /** Ends the session at the identity service (RFC 7009). */
  end(): Promise<void>
}

/**
 * Exchanges the subject's token for a session (RFC 8693), and keeps it alive until `end`.
 * @throws AgentClientError a refusal by its code, `IDENTITY_UNAVAILABLE`, `URL_INSECURE`, `TOOLS_INVALID`
 */
export const openAgentSession = async (options: AgentSessionOptions): Promise<AgentSession> => {
  const { holderKey, attest, timing = systemTiming, fetch: fetchWith = fetch } = options
  const issuer = parseSecureUrl('issuer', options.issuer)
  const proxyUrl = parseSecureUrl('proxy URL', options.proxyUrl)
  const firstServer = firstServerOf(options.tools)
  const endpoint = createIdentityEndpoint({ issuer, holderKey, fetch: fetchWith, timing })

  const actor = async (): Promise<Record<string, string>> =>
    attest === undefined
      ? {}
      : { actor_token: await attest(holderKey.publicJwk), actor_token_type: attestationType }

  const exchangeForm = async (url: string): Promise<IdentityForm> => {
    const subject = await options.subjectToken()
    return {
      fields: {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: subject.token,
        subject_token_type: subject.type,
        resource: resourceOf(firstServer),
        authorization_details: detailsOf(options.tools),
        ...(options.conversationId !== undefined && { conversation_id: options.conversationId }),
        ...(await actor()),
      },
      ...(subject.proveParent && { headers: { 'dpop-parent': subject.proveParent(url) } }),
    }
  }

  const first = parseTokenAnswer(await endpoint.post('/token', exchangeForm))
  const { sessionId } = first
  if (sessionId === undefined || first.refreshToken === undefined) throw incomplete()
  let { refreshToken } = first

  let ended: AgentClientError | undefined
  const renewed = async (server: string): Promise<TokenAnswer> => {
    const answer = parseTokenAnswer(
      await endpoint.post('/token', async () => ({
        fields: {
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
          resource: resourceOf(server),
          ...(await actor()),
        },
      })),
    )
    refreshToken = answer.refreshToken ?? refreshToken
    return answer
  }

  const fetchToken = async (server: string): Promise<TokenAnswer> => {
    if (ended !== undefined) throw ended
    try {
      return await renewed(server)
    } catch (error) {
      // Of a session that goes on no refresh token is refused.
      if (!(error instanceof AgentClientError) || error.code !== 'SUBJECT_REFUSED') throw error
      throw endWith(error)
    }
  }

  const endWith = (cause: AgentClientError): AgentClientError => {
    if (ended !== undefined) return ended
    ended = sessionEnded(cause)
    tokens.stop()
    options.onEnded?.(ended)
    return ended
  }

  const tokens = createServerTokens({ fetchToken, timing })
  tokens.keep(firstServer, first)

  return {
    sessionId,
    endsAt: first.endsAt,
    proxyUrl,
    holderKey,
    timing,
    fetch: fetchWith,
    sequences: { call: createCallSequence(), other: createCallSequence() },
    token: server => (ended === undefined ? tokens.get(server) : Promise.reject(ended)),
    replaceToken: (server, refusedText) =>
      ended === undefined ? tokens.replace(server, refusedText) : Promise.reject(ended),
    delegate: async server => {
      if (ended !== undefined) throw ended
      const token = await tokens.get(server)
      return {
        token,
        type: 'urn:ietf:params:oauth:token-type:access_token',
        proveParent: url => {
          const now = timing.now()
          const proof = { method: 'POST', url, issuedAt: now, proofId: uuidV7(now), tokenText: token }
          return signRequestProof(holderKey, proof)
        },
      }
    },
    end: async () => {
      if (ended !== undefined) return
      ended = sessionEnded()
      tokens.stop()
      const fields = { token: refreshToken, token_type_hint: 'refresh_token' }
      await endpoint.post('/revoke', () => Promise.resolve({ fields }))
    },
  }
}

const attestationType = 'urn:ietf:params:oauth:token-type:jwt'

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

const incomplete = (): AgentClientError =>
  new AgentClientError(
    'IDENTITY_ANSWER_MALFORMED',
    'token endpoint: expected session_id and refresh_token for a new session, got neither or one',
  )

const sessionEnded = (cause?: AgentClientError): AgentClientError =>
  new AgentClientError(
    'SESSION_ENDED',
    `session: expected one that goes on, got one that ${cause === undefined ? 'was ended here' : 'the identity service does not renew'}`,
    { cause, ...(cause?.refusal && { refusal: cause.refusal }) },
  )
