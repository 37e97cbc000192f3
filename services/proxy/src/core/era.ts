import type { RpcMessage } from './json-rpc.ts'
import { isJsonObject } from './json-rpc.ts'

/**
 * The two ways of MCP: up to 2025-11-25 a client initializes a session first; since 2026-07-28 each request stands by
 * itself and says in `params._meta` what was negotiated before.
 */
export type Era = 'sessionful' | 'stateless'

/** The versions that official packages negotiate, newest first. */
export const versions: Readonly<Record<Era, readonly string[]>> = {
  sessionful: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'],
  stateless: ['2026-07-28'],
}

export const latest: Readonly<Record<Era, string>> = {
  sessionful: '2025-11-25',
  stateless: '2026-07-28',
}

/** What the protocol keeps in `_meta` for itself (2026-07-28). */
export const metaKey = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const

/** @param versionHeader `MCP-Protocol-Version`, by which alone a body never becomes one of the older era */
export const eraOf = (message: RpcMessage, versionHeader: string | undefined): Era => {
  if (versionHeader !== undefined && versions.stateless.includes(versionHeader)) return 'stateless'
  if (message.kind === 'response') return 'sessionful'
  const meta = message.params['_meta']
  return isJsonObject(meta) && Object.hasOwn(meta, metaKey.protocolVersion) ? 'stateless' : 'sessionful'
}

/** Whether an `MCP-Protocol-Version` is one that a server with sessions can be spoken to in; older clients send none. */
export const isSessionfulVersion = (version: string | undefined): boolean =>
  version === undefined || versions.sessionful.includes(version)
