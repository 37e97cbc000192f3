import type { RpcRequest } from '../core/json-rpc.ts'
import type { AgentReply } from '../ports.ts'
import type { LinkUpstream } from '../upstream/link/link-upstream.ts'
import type { Connection } from './connection.ts'
import type { Exchange } from './exchange.ts'

/**
 * A connection for agents that open no session (MCP 2026-07-28): all of one session of Cordon share it, as far as they
 * can do the same.
 */
export interface Link extends Connection {
  readonly upstream: LinkUpstream
  /** `undefined` where a retry is already on its way */
  open(request: RpcRequest, reply: AgentReply): Exchange | undefined
}
