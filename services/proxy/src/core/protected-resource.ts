import { jsonAnswer } from './answer.ts'
import type { Answer } from './answer.ts'

const wellKnown = '/.well-known/oauth-protected-resource'
const endpoint = '/mcp/'

/** RFC 9728 §3.1: the well-known part stands between host and path. */
export const metadataUrl = (publicUrl: string, server: string): string =>
  `${publicUrl}${wellKnown}${endpoint}${server}`

/** The name of the tool server in a path of ours, and what the path is. */
export const parsePath = (
  path: string,
): { readonly kind: 'endpoint' | 'metadata'; readonly server: string } | undefined => {
  if (path.startsWith(endpoint)) return { kind: 'endpoint', server: path.slice(endpoint.length) }
  const metadata = wellKnown + endpoint
  if (path.startsWith(metadata)) return { kind: 'metadata', server: path.slice(metadata.length) }
  return undefined
}

/** What a client needs to know to come with a token. */
export const protectedResource = (
  publicUrl: string,
  server: string,
  authorizationServer: string | undefined,
): Answer =>
  jsonAnswer(200, {
    resource: `${publicUrl}${endpoint}${server}`,
    resource_name: `${server}, behind Cordon`,
    bearer_methods_supported: ['header'],
    ...(authorizationServer !== undefined && { authorization_servers: [authorizationServer] }),
  })
