import { jsonAnswer } from './answer.ts'
import type { Answer } from './answer.ts'
import { proofAlgorithms } from './challenge.ts'

const wellKnown = '/.well-known/oauth-protected-resource'
const endpoint = '/mcp/'

/** RFC 9728 §3.1: the well-known part stands between host and path. */
export const metadataUrl = (publicUrl: string, server: string): string =>
  `${publicUrl}${wellKnown}${endpoint}${server}`

/** Where agents reach a server, as a proof names it (RFC 9449 §4.2, `htu`). */
export const endpointUrl = (publicUrl: string, server: string): string =>
  new URL(`${publicUrl}${endpoint}${server}`).href

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
    resource: endpointUrl(publicUrl, server),
    resource_name: `${server}, behind Cordon`,
    bearer_methods_supported: ['header'],
    dpop_bound_access_tokens_required: true,
    dpop_signing_alg_values_supported: proofAlgorithms,
    ...(authorizationServer !== undefined && { authorization_servers: [authorizationServer] }),
  })
