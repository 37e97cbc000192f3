import type { Stack, StackTools } from '@cordon/infra'
import type { Bundle } from '@cordon/policy'

import { scoreExplained } from '../live/score-in-words.ts'
import { printable } from '../terminal/printable.ts'

export interface GuideOptions {
  readonly stack: Stack
  /** Where keys and logs are. */
  readonly folder: string
  readonly toolServers: StackTools['toolServers']
  readonly bundle: Pick<Bundle, 'roles' | 'thresholds'>
  /** Below which the demo's `files` works. */
  readonly companyFolder: string | undefined
  /** Nothing before said how a score comes about. */
  readonly explainsScore: boolean
}

/** How to go on from here: one's own client, the metrics, the logs. */
export const guideLines = (options: GuideOptions): string[] => {
  const { stack, folder, toolServers, bundle, companyFolder } = options
  const servers = Object.keys(toolServers)
  const roles = Object.keys(bundle.roles)
  const request = {
    human: 'me@example.org',
    agentId: 'my-agent',
    role: roles[0] ?? '',
    platform: 'local',
    tools: servers.map(server => `${server}/*`),
  }
  const authorization = `-H "authorization: Bearer $(cat '${folder}/keys/startup-secret')"`
  return [
    '',
    'Put your own MCP client behind Cordon:',
    '',
    '  # 1. open a session: who works, with which agent, on which tools; the answer has a token for each server',
    `  curl -s ${stack.identityUrl}/sessions ${authorization} \\`,
    `    -H 'content-type: application/json' -d '${JSON.stringify(request)}'`,
    '',
    '  # 2. point your client (streamable HTTP) at a server, with its token',
    ...servers.map(
      server =>
        `  url ${stack.proxyUrl}/mcp/${server}   header  authorization: Bearer <tokens.${server} of the answer>`,
    ),
    '',
    '  # 3. tokens live for 5 minutes; new ones, and the end:',
    `  curl -s -X POST ${stack.identityUrl}/sessions/<sessionId>/tokens ${authorization}`,
    `  curl -s -X DELETE ${stack.identityUrl}/sessions/<sessionId> ${authorization}`,
    '',
    `Roles: ${roles.join(', ')}.`,
    ...(companyFolder === undefined ? [] : [`The server files works below ${companyFolder}.`]),
    ...(options.explainsScore ? ['', ...scoreExplained(bundle.thresholds), ''] : []),
    'To an agent that nobody has met before everything is new: soon it needs an approval for calls that change something or are',
    'sensitive. So does a session whose agent was held or stopped before while it worked for the same human: that history counts',
    'from the start. Approvals do not exist yet: such calls are denied. For a fresh start take another agentId, or another folder',
    '(--data). A session that ended in good standing teaches what is normal for its agent: here 5 s later, elsewhere after a day.',
    '',
    'Metrics (Prometheus); beside them /livez and /readyz:',
    ...Object.values(stack.services).map(
      ({ service, operationsUrl }) => `  ${service.padEnd(9)} ${operationsUrl}/metrics`,
    ),
    '',
    `Logs: ${folder}/logs    Ctrl-C stops everything.`,
  ].map(printable)
}
