import type { Stack } from '@cordon/infra'

import { createHolder, type Holder, provingFetch } from './proving-fetch.ts'

/** A session as its agent holds it. */
export interface OpenedSession {
  readonly sessionId: string
  /** By tool server. */
  readonly tokens: Readonly<Record<string, string>>
  readonly holder: Holder
  /** Proves what it asks of one tool server. */
  fetchOf(server: string): typeof fetch
}

/** A session of an agent of alice's, for every tool of these servers. Resolves with nothing where identity cannot open one now. */
export const openSession = async (
  { identityUrl, startupSecret }: Stack,
  servers: readonly string[] = ['files'],
): Promise<OpenedSession | undefined> => {
  const holder = createHolder()
  const response = await fetch(`${identityUrl}/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${startupSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      human: 'alice@example.org',
      agentId: 'agent-of-the-test',
      role: 'support',
      platform: 'test',
      tools: servers.map(server => `${server}/*`),
      holder: holder.key.thumbprint,
    }),
  })
  if (response.status !== 201) return undefined
  const opened = (await response.json()) as Pick<OpenedSession, 'sessionId' | 'tokens'>
  return { ...opened, holder, fetchOf: server => provingFetch(holder, () => opened.tokens[server] ?? '') }
}
