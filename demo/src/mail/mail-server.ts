import { fileURLToPath } from 'node:url'

import { acceptsConnections, type Stack, type Workplace } from '@cordon/infra'

const program = fileURLToPath(new URL('mail-server.process.ts', import.meta.url))
const readyTimeoutMs = 20_000

/** How the proxy reaches it. */
export const mailServerAt = (port: number): { readonly transport: 'http'; readonly url: string } => ({
  transport: 'http',
  url: `http://127.0.0.1:${port}/mcp`,
})

/** Starts the company's mail server in a process of its own: it takes calls of the stack's engines, and of nobody else. */
export const startMailServer = async (
  { supervisor, environment }: Workplace,
  port: number,
  { identityUrl }: Pick<Stack, 'identityUrl'>,
): Promise<void> => {
  await supervisor.start(
    {
      name: 'mail-server',
      command: process.execPath,
      args: [program, String(port), identityUrl],
      environment: { PATH: environment['PATH'] ?? '' },
      // It holds nothing.
      stopSteps: [],
    },
    { isReady: () => acceptsConnections('127.0.0.1', port), timeoutMs: readyTimeoutMs },
  )
}
