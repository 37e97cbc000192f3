import type { Upstream } from '../upstream/upstream.ts'
import type { Connection } from './connection.ts'
import type { Tasks } from './tasks.ts'

/** A connection as MCP has had sessions until 2025-11-25: the agent opened it, and names it by its id. */
export interface McpSession extends Connection {
  readonly tasks: Tasks
  readonly upstream: Upstream
}
