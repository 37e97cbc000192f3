import { createHash, randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'

import type { ProvenRequest } from '@cordon/engine-socket'
import { digestArguments, type HolderKey } from '@cordon/tokens'

import { type Claims, craft, type Signer } from './crafted.ts'
import type { Gateway } from './gateway.ts'

/** What the agent does in these tests, where a test says nothing else. */
export const readFile = { tool: 'read_file', arguments: { path: '/a' } }

/** A request to the proxy; whatever is left out is right. */
export interface Shown {
  readonly token: string
  readonly key: HolderKey
  /** Claims of the proof that differ; `undefined` takes one out. */
  readonly proof?: Claims
  readonly proofHeader?: Claims
  readonly proofSigner?: Signer
  /** In place of the proof as it would be. */
  readonly proofText?: string | readonly string[]
  readonly call?: { readonly tool: string; readonly arguments: unknown }
  /** In place of the body as it would be. */
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Of the gateway's proxies. */
  readonly replica?: number
}

export interface Told {
  readonly status: number
  /** Of `WWW-Authenticate`. */
  readonly error: string | undefined
  readonly nonce: string
  readonly text: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The proof of a request, as an agent writes it. */
export const proofOf = (gateway: Gateway, shown: Shown): string => {
  const { tool, arguments: args } = shown.call ?? readFile
  const claims = {
    jti: randomUUID(),
    htm: 'POST',
    htu: gateway.resource,
    iat: Math.floor(gateway.clock.now() / 1000),
    ath: sha256(shown.token),
    nonce: gateway.nonceOf(shown.replica),
    mcp: { server: 'files', tool, args_s256: digestArguments(args) },
    seq: gateway.nextSequence(),
    ...shown.proof,
  }
  const { algorithm: alg, publicJwk: jwk } = shown.key
  return craft({ typ: 'dpop+jwt', alg, jwk, ...shown.proofHeader }, claims, shown.proofSigner ?? shown.key)
}

/** What a proxy shows an engine of a call that alice's agent signed. @param claims of the proof that differ */
export const shownBy = (
  gateway: Gateway,
  claims: Claims = {},
  token: string = gateway.token(),
): ProvenRequest => {
  const proof = proofOf(gateway, { token, key: gateway.holder, proof: claims })
  return { token, proof, htm: 'POST', htu: gateway.resource }
}

export const messageOf = (call: NonNullable<Shown['call']> = readFile): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: {
      name: call.tool,
      arguments: call.arguments,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  })

/** One request to the proxy, over HTTP. */
export const ask = async (gateway: Gateway, shown: Shown): Promise<Told> => {
  const call = shown.call ?? readFile
  const headers = {
    authorization: `DPoP ${shown.token}`,
    dpop: [shown.proofText ?? proofOf(gateway, shown)].flat(),
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': call.tool,
    ...shown.headers,
  }
  return post(gateway.portOf(shown.replica), headers, shown.body ?? messageOf(call))
}

const post = async (
  port: number,
  headers: Readonly<Record<string, string | readonly string[]>>,
  body: string,
): Promise<Told> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: '/mcp/files', agent: false })
    // An empty list of values is a header that does not come.
    for (const [name, value] of Object.entries(headers)) if (value.length > 0) request.setHeader(name, value)
    request.once('error', reject)
    request.once('response', response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.once('end', () => {
        const { 'www-authenticate': challenge, 'dpop-nonce': nonce } = response.headers
        resolve({
          status: response.statusCode ?? 0,
          error: /error="(\w+)"/.exec(challenge ?? '')?.[1],
          nonce: String(nonce ?? ''),
          text,
        })
      })
    })
    request.end(body)
  })
