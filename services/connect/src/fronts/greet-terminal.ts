import type { Profile } from '../config.ts'
import { serversOf, unknownServer } from '../core/server-names.ts'

/**
 * What a human is told who runs at a terminal what an MCP client is meant to start: by itself it would be silent.
 * @throws CordonError `SERVER_UNKNOWN`; a client gets it as the answer of its requests
 */
export const greetTerminal = (server: string, { tools }: Pick<Profile, 'tools'>): string => {
  const servers = serversOf(tools)
  if (!servers.has(server)) throw unknownServer(server, servers)
  return `Waiting for an MCP client on standard input; this profile has ${[...servers].join(', ')}.`
}
