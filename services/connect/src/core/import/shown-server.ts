import { maskSecrets } from './mask-secrets.ts'
import type { ToolServerEntry } from './tool-server.ts'

/** How a server is started or reached, for humans: on one line, without its environment, its headers and what else looks like a secret. */
export const shownServer = (server: ToolServerEntry): string => {
  const words = server.transport === 'stdio' ? [server.command, ...server.args] : [server.url]
  return (JSON.parse(maskSecrets(JSON.stringify(words))) as readonly string[]).join(' ')
}
