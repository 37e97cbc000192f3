import type { TestContext } from 'node:test'

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

/** How the official client of generation 2 finds out what its server speaks. */
export type Negotiation = 'auto' | 'legacy' | { readonly pin: '2026-07-28' }

/** Speaks 2026-07-28 and nothing else. */
export const stateless: Negotiation = { pin: '2026-07-28' }

export interface ModernAgent {
  readonly client: Client
  /** Messages that servers asked their human to confirm; each was. */
  readonly asked: readonly string[]
}

/** @param token whose session it is, for an engine that looks at no proof; or a `fetch` that proves what it asks */
export const connectModernAgent = async (
  test: TestContext,
  url: URL,
  token: string | typeof fetch,
  mode: Negotiation = stateless,
): Promise<ModernAgent> => {
  const client = new Client(
    { name: 'modern-agent', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} }, versionNegotiation: { mode } },
  )
  const asked: string[] = []
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params.message)
    return { action: 'accept', content: { sure: true, check: true } }
  })
  client.setRequestHandler('sampling/createMessage', () => ({
    role: 'assistant',
    model: 'test-model',
    content: { type: 'text', text: 'a sampled answer' },
  }))
  client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///work', name: 'work' }] }))
  const options =
    typeof token === 'string'
      ? { requestInit: { headers: { authorization: `DPoP ${token}`, dpop: 'proof' } } }
      : { fetch: token }
  await client.connect(new StreamableHTTPClientTransport(url, options))
  test.after(() => client.close())
  return { client, asked }
}
