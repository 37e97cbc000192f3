import { hostname } from 'node:os'

import { neverLeft } from '@cordon/agent-client'
import { CordonError, readBounded } from '@cordon/foundation'
import { z } from 'zod'

import { networkCodeOf } from '../adapters/network-fault.ts'
import type { ConnectErrorCode } from '../core/error-code.ts'
import { parseJson } from '../core/mcp/client-message.ts'
import { startOrCorrect } from '../core/way-out.ts'
import { parseProviderMetadata, type ProviderMetadata } from './provider-metadata.ts'

/** The OpenID provider, as a public client speaks to it. */
export interface ProviderClient {
  readonly issuer: string
  readonly clientId: string
  metadata(): Promise<ProviderMetadata>
  /** Posts a form. @returns the status, and the body where it is JSON */
  post(
    url: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: unknown }>
}

const answerTimeoutMs = 15_000
const longestAnswerBytes = 256 * 1024

export const createProviderClient = (options: {
  readonly issuer: string
  readonly clientId: string
  readonly fetch: typeof fetch
}): ProviderClient => {
  const { issuer, clientId } = options
  // The human who enters a code is shown whose it is.
  const agent = `${clientId} on ${hostname().replaceAll(/[^\w.-]/g, '')}`

  const tooLong = (problem: string): CordonError<ConnectErrorCode> =>
    new CordonError('PROVIDER_ANSWER_MALFORMED', `provider ${issuer}: ${problem}`)

  const ask = async (url: string, init: RequestInit) => {
    try {
      const signal = AbortSignal.timeout(answerTimeoutMs)
      const response = await options.fetch(url, { ...init, redirect: 'error', signal })
      const text = await readBounded(response.body, longestAnswerBytes, tooLong)
      return { status: response.status, body: parseJson(text) }
    } catch (cause) {
      if (cause instanceof CordonError) throw cause
      const hint = neverLeft(cause) ? `; ${startOrCorrect('provider')}` : ''
      throw new CordonError<ConnectErrorCode>(
        'PROVIDER_UNAVAILABLE',
        `provider ${issuer}: expected an answer, got ${networkCodeOf(cause)}${hint}`,
        { retryable: true, cause },
      )
    }
  }

  return {
    issuer,
    clientId,
    metadata: async () => {
      const { status, body } = await ask(`${issuer}/.well-known/openid-configuration`, {
        headers: { accept: 'application/json' },
      })
      if (status === 200) return parseProviderMetadata(issuer, body)
      throw new CordonError<ConnectErrorCode>(
        'PROVIDER_UNAVAILABLE',
        `provider ${issuer}: expected its discovery document, got status ${status}`,
        { retryable: true },
      )
    },
    post: (url, fields) =>
      ask(url, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': agent,
        },
        body: new URLSearchParams({ client_id: clientId, ...fields }).toString(),
      }),
  }
}

const tokenSchema = z.object({ id_token: z.string().min(1).max(16_384) })
const errorSchema = z.object({ error: z.string().regex(/^[\w-]{1,64}$/) })

/** The ID token of an answer, or the code of its error (RFC 6749 §5.2). */
export const readTokenAnswer = (answer: {
  readonly status: number
  readonly body: unknown
}): { readonly idToken: string } | { readonly error: string } => {
  const token = tokenSchema.safeParse(answer.body)
  if (answer.status === 200 && token.success) return { idToken: token.data.id_token }
  const { data } = errorSchema.safeParse(answer.body)
  return { error: data?.error ?? `status ${answer.status}` }
}
