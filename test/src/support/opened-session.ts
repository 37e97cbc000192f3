import { AgentClientError, openAgentSession } from '@cordon/agent-client'
import type { Stack } from '@cordon/infra'

import { createHolder, type Holder, provingFetch } from './proving-fetch.ts'
import { testAttestation, testIdToken } from './test-identity.ts'

/** A session as its agent holds it. */
export interface OpenedSession {
  readonly sessionId: string
  /** By tool server. */
  readonly tokens: Readonly<Record<string, string>>
  readonly holder: Holder
  /** Proves what it asks of one tool server. */
  fetchOf(server: string): typeof fetch
}

/**
 * A session of an agent of alice's, for every tool of these servers, on a stack whose bundle has `testIdentity`. Resolves with
 * nothing where identity cannot open one now.
 */
export const openSession = async (
  { identityUrl, proxyUrl }: Pick<Stack, 'identityUrl' | 'proxyUrl'>,
  servers: readonly string[] = ['files'],
): Promise<OpenedSession | undefined> => {
  const holder = createHolder()
  try {
    const session = await openAgentSession({
      issuer: identityUrl,
      proxyUrl,
      holderKey: holder.key,
      subjectToken: async () => ({
        token: testIdToken(),
        type: 'urn:ietf:params:oauth:token-type:id_token',
      }),
      attest: async holderJwk => testAttestation(holderJwk, identityUrl),
      tools: servers.map(server => `${server}/*`),
    })
    const held = await Promise.all(
      servers.map(async server => [server, await session.token(server)] as const),
    )
    const tokens = Object.fromEntries(held)
    return {
      sessionId: session.sessionId,
      tokens,
      holder,
      fetchOf: server => provingFetch(holder, () => tokens[server] ?? ''),
    }
  } catch (error) {
    if (error instanceof AgentClientError && error.code === 'IDENTITY_UNAVAILABLE') return undefined
    throw error
  }
}
