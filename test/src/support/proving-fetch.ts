import { randomUUID } from 'node:crypto'

import {
  generateHolderKey,
  type HolderKey,
  type ProvenMessage,
  provenMessageOf,
  signCallProof,
} from '@cordon/tokens'

/** The agent's side of one session: its key, and what it counts. */
export interface Holder {
  readonly key: HolderKey
  /** Headers that prove one request. */
  prove(request: Proven): Readonly<Record<string, string>>
  /** An answer said what the next proof has to name. */
  heard(nonce: string | null | undefined): void
}

export interface Proven {
  readonly token: string
  readonly method: string
  /** Where it goes. */
  readonly url: string
  /** A message of MCP, where there is one. */
  readonly body?: string | undefined
  /** Of a request that is made again with another nonce: its number stays. */
  readonly sequence?: number
}

export const createHolder = (key: HolderKey = generateHolderKey()): Holder => {
  const next = { calls: 0, requests: 0 }
  let nonce = ''
  return {
    key,
    heard(said) {
      if (said !== null && said !== undefined && said !== '') nonce = said
    },
    prove({ token, method, url, body, sequence }) {
      const { origin, pathname } = new URL(url)
      const message = body === undefined ? undefined : messageOf(body, pathname)
      const counted = message !== undefined && 'tool' in message ? 'calls' : 'requests'
      const number = sequence ?? (next[counted] += 1) - 1
      const proof = signCallProof(key, {
        tokenText: token,
        method: method as 'POST',
        url: origin + pathname,
        nonce,
        issuedAt: Date.now(),
        sequence: number,
        ...(message && { message }),
        proofId: randomUUID(),
      })
      return { authorization: `DPoP ${token}`, dpop: proof }
    },
  }
}

/** The number that a proof names. */
export const sequenceOf = (proof: string): number => {
  const payload = Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString('utf8')
  return (JSON.parse(payload) as { readonly seq: number }).seq
}

/** As small a `fetch` as proves what it asks: for the transports of official clients. */
export const provingFetch =
  (holder: Holder, token: () => string): typeof fetch =>
  async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input)
    const { method = 'GET', body } = init
    const text = typeof body === 'string' ? body : undefined
    const ask = async (sequence?: number): Promise<[Response, string]> => {
      const proven = holder.prove({
        token: token(),
        method,
        url,
        body: text,
        ...(sequence !== undefined && { sequence }),
      })
      const headers = new Headers(init.headers)
      for (const [name, value] of Object.entries(proven)) headers.set(name, value)
      const response = await fetch(input, { ...init, headers })
      holder.heard(response.headers.get('dpop-nonce'))
      return [response, proven['dpop'] ?? '']
    }
    const [response, proof] = await ask()
    const isNonceAsked = /error="use_dpop_nonce"/.test(response.headers.get('www-authenticate') ?? '')
    if (response.status !== 401 || !isNonceAsked) return response
    await response.body?.cancel()
    const [again] = await ask(sequenceOf(proof))
    return again
  }

const messageOf = (body: string, pathname: string): ProvenMessage =>
  provenMessageOf(pathname.split('/').at(-1) ?? '', JSON.parse(body) as Record<string, unknown>)
