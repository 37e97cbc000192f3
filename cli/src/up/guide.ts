import type { Stack } from '@cordon/infra'

import { printable } from '../terminal/printable.ts'
import type { OwnTools } from './own-tools.ts'

/** How to go on from here: one's own client, the metrics, the logs. */
export const guideLines = (stack: Stack, folder: string, own: OwnTools | undefined): string[] => {
  const [server = 'files'] = Object.keys(own?.toolServers ?? {})
  const [role = 'support'] = Object.keys(own?.bundle.roles ?? {})
  const request = { human: 'me@example.org', agentId: 'my-agent', role, platform: 'local' }
  return [
    '',
    'Put your own MCP client behind Cordon:',
    '',
    '  # 1. open a session: who works, with which agent, on which tools',
    `  curl -s ${stack.identityUrl}/sessions -H "authorization: Bearer $(cat '${folder}/keys/startup-secret')" \\`,
    `    -H 'content-type: application/json' \\`,
    `    -d '${JSON.stringify({ ...request, tools: [`${server}/*`] })}'`,
    '',
    '  # 2. give your client the address and the token of that server',
    `  url ${stack.proxyUrl}/mcp/${server}   header  authorization: Bearer <tokens.${server}>`,
    '',
    'Metrics (Prometheus):',
    ...Object.values(stack.services).map(
      ({ service, operationsUrl }) => `  ${service.padEnd(9)} ${operationsUrl}/metrics`,
    ),
    '',
    `Logs: ${folder}/logs    Ctrl-C stops everything.`,
  ].map(printable)
}
