import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from './error-code.ts'

/** The tool servers that a profile's tools (`server/tool`, `server/*`) are on: those that Cordon has for its session. */
export const serversOf = (tools: readonly string[]): ReadonlySet<string> =>
  new Set(tools.map(tool => tool.slice(0, tool.indexOf('/'))))

/** Of a server that none of a profile's tools is on. */
export const unknownServer = (server: string, servers: ReadonlySet<string>): CordonError<ConnectErrorCode> =>
  new CordonError(
    'SERVER_UNKNOWN',
    `this session has no tools on server "${server}", it has some on ${[...servers].join(', ')}; add it to the stack, ` +
      'or to the agent, deployer and human in the bundle (docs/own-tools.md of Cordon), and to "tools" of the profile',
  )
