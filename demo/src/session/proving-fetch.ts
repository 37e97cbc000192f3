import { randomUUID } from 'node:crypto'

import { digestArguments, type HolderKey, mcpCallOf, type ProvenCall, signCallProof } from '@cordon/tokens'

/** How the agent proves what it asks: `fetch` for one tool server, in a session that counts over all of them. */
export type ProvingFetch = (server: string, token: string) => typeof fetch

/** @param key that the session's tokens are bound to */
export const provingFetch = (key: HolderKey): ProvingFetch => {
  const next = { calls: 0, requests: 0 }
  return (server, token) => {
    let nonce = ''
    return async (input, { method = 'GET', body, ...init } = {}) => {
      const url = input instanceof Request ? input.url : String(input)
      const call = typeof body === 'string' ? callOf(server, body) : undefined
      const sequence = (next[call === undefined ? 'requests' : 'calls'] += 1) - 1
      const ask = async (): Promise<Response> => {
        const headers = new Headers(init.headers)
        headers.set('authorization', `DPoP ${token}`)
        headers.set(
          'dpop',
          signCallProof(key, {
            tokenText: token,
            method: method as 'POST' | 'GET' | 'DELETE',
            url,
            nonce,
            issuedAt: Date.now(),
            sequence,
            ...(call && { call }),
            proofId: randomUUID(),
          }),
        )
        const response = await fetch(url, { ...init, method, body: body ?? null, headers })
        nonce = response.headers.get('dpop-nonce') ?? nonce
        return response
      }
      const response = await ask()
      const challenge = response.headers.get('www-authenticate') ?? ''
      if (response.status !== 401 || !challenge.includes('use_dpop_nonce')) return response
      await response.body?.cancel()
      return ask()
    }
  }
}

const callOf = (server: string, body: string): ProvenCall | undefined => {
  const { tool, arguments: args } = mcpCallOf(JSON.parse(body) as Record<string, unknown>)
  return tool === undefined ? undefined : { server, tool, argumentsDigest: digestArguments(args) }
}
