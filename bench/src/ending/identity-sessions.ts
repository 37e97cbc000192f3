import { Agent, request as httpRequest } from 'node:http'
import { randomUUID } from 'node:crypto'

import { parseSessionId, type SessionId } from '@cordon/foundation'
import { generateHolderKey, type HolderKey, signRequestProof } from '@cordon/tokens'

import type { ExchangeParties } from '../identity/exchange-requests.ts'

/** A session as its agent holds it. */
export interface IdentitySession {
  readonly sessionId: SessionId
  readonly refreshToken: string
  readonly key: HolderKey
}

/** Identity, over its HTTP API. */
export interface IdentityApi {
  /** Opens sessions, a few at a time; resolves when all are decided on. */
  open(count: number): Promise<readonly IdentitySession[]>
  /** Ends a session as its agent does (RFC 7009). @throws where identity does not say that it is ended */
  end(session: IdentitySession): Promise<void>
  /** Stops a session as an operator does. @throws where identity does not say that it is stopped */
  revoke(session: IdentitySession): Promise<void>
  close(): void
}

const openAtOnce = 8

export const createIdentityApi = (
  issuer: URL,
  parties: ExchangeParties,
  operatorSecret: string,
): IdentityApi => {
  // Each request on a connection of its own: one that was idle may be closed under the next.
  const agent = new Agent({ keepAlive: false })

  const post = async (
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    expected: number,
  ): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(new URL(path, issuer), { method: 'POST', headers, agent }, response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode === expected) resolve(Buffer.concat(chunks).toString())
          else reject(new Error(`${path}: expected status ${expected}, got ${response.statusCode}`))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })

  const openOne = async (): Promise<IdentitySession> => {
    const key = generateHolderKey()
    const { headers, body } = parties.request(issuer.origin, key)
    const answer = JSON.parse(await post('/token', headers, body, 200)) as Readonly<Record<string, string>>
    return {
      sessionId: parseSessionId(answer['session_id'] ?? ''),
      refreshToken: answer['refresh_token'] ?? '',
      key,
    }
  }

  return {
    open: async count => {
      const opened: IdentitySession[] = []
      while (opened.length < count)
        opened.push(
          ...(await Promise.all(
            Array.from({ length: Math.min(openAtOnce, count - opened.length) }, openOne),
          )),
        )
      return opened
    },
    end: async ({ refreshToken, key }) => {
      const dpop = signRequestProof(key, {
        method: 'POST',
        url: `${issuer.origin}/revoke`,
        issuedAt: Date.now(),
        proofId: randomUUID(),
      })
      const headers = { 'content-type': 'application/x-www-form-urlencoded', dpop }
      await post('/revoke', headers, new URLSearchParams({ token: refreshToken }).toString(), 200)
    },
    revoke: async ({ sessionId }) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${operatorSecret}` }
      await post(
        '/revocations',
        headers,
        JSON.stringify({ scope: `session:${sessionId}`, reason: 'bench' }),
        201,
      )
    },
    close: () => agent.destroy(),
  }
}
