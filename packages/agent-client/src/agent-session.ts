import { uuidV7 } from '@cordon/foundation'
import { type HolderKey, signRequestProof } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'
import { type CallSequence, createCallSequence } from './call-sequence.ts'
import { parseTokenAnswer, type TokenAnswer } from './identity-answer.ts'
import { createIdentityEndpoint } from './identity-endpoint.ts'
import { parseSecureUrl } from './secure-url.ts'
import { createServerTokens } from './server-tokens.ts'
import { createSessionForms, type SessionRequest, type SubjectToken } from './session-forms.ts'
import { systemTiming, type Timing } from './timing.ts'

export interface AgentSessionOptions extends SessionRequest {
  /** The identity service, by its public URL. */
  readonly issuer: string
  /** The proxy, by its public URL. */
  readonly proxyUrl: string
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
  /** What `token` got, where it can be shown still: it has not run out, and nobody doubts that the session goes on. */
  tokenInHand(server: string): string | undefined
  /** As `token`, in place of one that was refused. */
  replaceToken(server: string, refusedText: string): Promise<string>
  /**
   * The proxy says that the session has ended. Its word ends nothing, but identity is asked at once, and no token is shown until it
   * has answered.
   */
  doubt(server: string): void
  /** For the session of a sub-agent, which gets no more than this one has. */
  delegate(server: string): Promise<SubjectToken>
  /** Ends the session at the identity service (RFC 7009). */
  end(): Promise<void>
}

/** Where identity says that the session goes on, the proxy is not listened to for as long: each refusal would be a request. */
const doubtAgainMs = 15_000

/**
 * Exchanges the subject's token for a session (RFC 8693), and keeps it alive until `end`.
 * @throws AgentClientError a refusal by its code, `IDENTITY_UNAVAILABLE`, `URL_INSECURE`, `TOOLS_INVALID`
 */
export const openAgentSession = async (options: AgentSessionOptions): Promise<AgentSession> => {
  const { holderKey, timing = systemTiming, fetch: fetchWith = fetch } = options
  const issuer = parseSecureUrl('issuer', options.issuer)
  const proxyUrl = parseSecureUrl('proxy URL', options.proxyUrl)
  const forms = createSessionForms(options)
  const endpoint = createIdentityEndpoint({ issuer, holderKey, fetch: fetchWith, timing })

  const first = parseTokenAnswer(await endpoint.post('/token', url => forms.exchange(url)))
  const { sessionId } = first
  if (sessionId === undefined || first.refreshToken === undefined) throw incomplete()
  let { refreshToken } = first
  let ended: AgentClientError | undefined
  let doubt: Promise<unknown> | undefined
  let doubtFrom = 0

  const renewed = async (server: string): Promise<TokenAnswer> => {
    const body = await endpoint.post('/token', () => forms.renewal(server, refreshToken))
    const answer = parseTokenAnswer(body)
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

  /** Until identity has said whether the session goes on. */
  const undoubted = async (): Promise<void> => {
    await doubt
    if (ended !== undefined) throw ended
  }

  const tokens = createServerTokens({ fetchToken, timing })
  tokens.keep(forms.firstServer, first)

  return {
    sessionId,
    endsAt: first.endsAt,
    proxyUrl,
    holderKey,
    timing,
    fetch: fetchWith,
    sequences: { call: createCallSequence(), other: createCallSequence() },
    token: async server => {
      await undoubted()
      return tokens.get(server)
    },
    tokenInHand: server => (ended === undefined && doubt === undefined ? tokens.inHand(server) : undefined),
    replaceToken: async (server, refusedText) => {
      await undoubted()
      return tokens.replace(server, refusedText)
    },
    doubt: server => {
      if (ended !== undefined || timing.now() < doubtFrom) return
      doubtFrom = timing.now() + doubtAgainMs
      // Where it was not answered, whoever needs a token is told.
      const asked = tokens
        .renew(server)
        .catch(() => undefined)
        .finally(() => {
          if (doubt === asked) doubt = undefined
        })
      doubt = asked
    },
    delegate: async server => {
      await undoubted()
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
