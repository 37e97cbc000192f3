import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A program on the human's machine that signs them in (RFC 8252): a listener on loopback and a PKCE verifier. */
export interface NativeProgram {
  readonly redirectUri: string
  readonly verifier: string
  readonly state: string
  /** Where it sends the browser. */
  authorizationUrl(origin: string, change?: Readonly<Record<string, string | undefined>>): string
  /** What came back, in order. */
  readonly answers: readonly URL[]
  close(): void
}

export const openNativeProgram = async (): Promise<NativeProgram> => {
  const answers: URL[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', redirectUri)
    if (url.pathname === '/callback') answers.push(url)
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<title>back at the program</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(16).toString('base64url')
  return {
    redirectUri,
    verifier,
    state,
    answers,
    authorizationUrl: (origin, change = {}) => {
      const parameters = {
        client_id: 'cordon-connect',
        response_type: 'code',
        scope: 'openid',
        redirect_uri: redirectUri,
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        cordon_agent: 'desk-research',
        cordon_tools: 'files/read_file postgres/query',
        ...change,
      }
      const given = Object.entries(parameters).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      )
      return `${origin}/oidc/auth?${new URLSearchParams(given).toString()}`
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
