import type { Stack } from '@cordon/infra'

/** How to go on from here: one's own client, the metrics, the logs. */
export const guideLines = (stack: Stack, folder: string): string[] => [
  '',
  'Put your own MCP client behind Cordon:',
  '',
  '  # 1. open a session: who works, with which agent, on which tools',
  `  curl -s ${stack.identityUrl}/sessions -H "authorization: Bearer $(cat ${folder}/keys/startup-secret)" \\`,
  `    -H 'content-type: application/json' \\`,
  `    -d '{"human":"me@example.org","agentId":"my-agent","role":"support","platform":"local","tools":["files/*"]}'`,
  '',
  '  # 2. give your client the address and the token of that server',
  `  url ${stack.proxyUrl}/mcp/files   header  authorization: Bearer <tokens.files>`,
  '',
  'Metrics (Prometheus):',
  ...Object.values(stack.services).map(
    ({ service, operationsUrl }) => `  ${service.padEnd(9)} ${operationsUrl}/metrics`,
  ),
  '',
  `Logs: ${folder}/logs    Ctrl-C stops everything.`,
]
