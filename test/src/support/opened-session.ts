import type { Stack } from '@cordon/infra'

/** What identity answers to an opening. */
export interface OpenedSession {
  readonly sessionId: string
  /** By tool server. */
  readonly tokens: Readonly<Record<string, string>>
}

/** A session of an agent of alice's, for every tool of these servers. Resolves with nothing where identity cannot open one now. */
export const openSession = async (
  { identityUrl, startupSecret }: Stack,
  servers: readonly string[] = ['files'],
): Promise<OpenedSession | undefined> => {
  const response = await fetch(`${identityUrl}/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${startupSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      human: 'alice@example.org',
      agentId: 'agent-of-the-test',
      role: 'support',
      platform: 'test',
      tools: servers.map(server => `${server}/*`),
    }),
  })
  return response.status === 201 ? ((await response.json()) as OpenedSession) : undefined
}
