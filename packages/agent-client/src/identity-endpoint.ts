import { readBounded, uuidV7 } from '@cordon/foundation'
import { type HolderKey, signRequestProof } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'
import { refusalOf } from './identity-answer.ts'
import type { Timing } from './timing.ts'

/** One request, made anew for each attempt: attestations and proofs are good for one. */
export interface IdentityForm {
  readonly fields: Readonly<Record<string, string>>
  /** Beside the proof of the holder's key. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface IdentityEndpoint {
  /**
   * Posts a form; tries again where there is no answer, or one that says "later".
   * @returns the body of an answer of status 200
   * @throws AgentClientError a refusal by its code; `IDENTITY_UNAVAILABLE` after all attempts
   */
  post(path: '/token' | '/revoke', makeForm: (url: string) => Promise<IdentityForm>): Promise<string>
}

/** 0.2, 0.4, 0.8, 1.6 s between them at most: together no longer than somebody waits for a tool. */
const attempts = 5
const firstBackoffMs = 200
/** No longer than this is waited, whatever `Retry-After` says. */
const longestBackoffMs = 10_000
const answerTimeoutMs = 10_000
const longestAnswerBytes = 64 * 1024

export const createIdentityEndpoint = (options: {
  readonly issuer: string
  readonly holderKey: HolderKey
  readonly fetch: typeof fetch
  readonly timing: Timing
}): IdentityEndpoint => {
  const { issuer, holderKey, timing } = options

  const attempt = async (url: string, form: IdentityForm): Promise<Attempt> => {
    const now = timing.now()
    const proof = { method: 'POST', url, issuedAt: now, proofId: uuidV7(now) }
    const init: RequestInit = {
      method: 'POST',
      headers: {
        ...form.headers,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        dpop: signRequestProof(holderKey, proof),
      },
      body: new URLSearchParams(form.fields).toString(),
      // What is sent is for this service only.
      redirect: 'error',
      signal: AbortSignal.timeout(answerTimeoutMs),
    }
    let status: number
    let body: string
    let retryAfter: string | null
    try {
      const response = await options.fetch(url, init)
      status = response.status
      retryAfter = response.headers.get('retry-after')
      body = await readBounded(response.body, longestAnswerBytes, tooLong)
    } catch (cause) {
      if (cause instanceof AgentClientError) throw cause
      return { later: cause, afterMs: 0 }
    }
    if (status === 200) return { body }
    if (status === 429 || status >= 500)
      return { later: refusalOf(url, status, body), afterMs: waitOf(retryAfter) }
    throw refusalOf(url, status, body)
  }

  return {
    post: async (path, makeForm) => {
      const url = issuer + path
      let last: unknown
      for (let made = 0; made < attempts; made += 1) {
        const result = await attempt(url, await makeForm(url))
        if ('body' in result) return result.body
        last = result.later
        if (made + 1 === attempts) break
        // Full jitter, so that agents that lost the service together do not come back together.
        const backoffMs = firstBackoffMs * 2 ** made * timing.random()
        await timing.wait(Math.min(Math.max(backoffMs, result.afterMs), longestBackoffMs))
      }
      throw new AgentClientError(
        'IDENTITY_UNAVAILABLE',
        `${url}: expected an answer in ${attempts} attempts, got none`,
        {
          retryable: true,
          cause: last,
          ...(last instanceof AgentClientError && last.refusal && { refusal: last.refusal }),
        },
      )
    },
  }
}

const tooLong = (problem: string): AgentClientError =>
  new AgentClientError('IDENTITY_ANSWER_MALFORMED', `identity service: ${problem}`)

type Attempt = { readonly body: string } | { readonly later: unknown; readonly afterMs: number }

/** The form of RFC 9110 §10.2.3 in seconds; a date is not worth a clock that agrees. */
const waitOf = (retryAfter: string | null): number =>
  retryAfter !== null && /^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) * 1000 : 0
