/** The life of an MCP session as the proxy keeps it. */
export type McpSessionState = 'starting' | 'open' | 'ended'

/** What happens to an MCP session; the values of a metric's label, save `initialized`. */
export type McpSessionEvent = 'initialized' | McpSessionEnd

export type McpSessionEnd = (typeof mcpSessionEnds)[number]

export const mcpSessionEnds = [
  /** `initialize` was answered with an error, or not at all. */
  'initialize_failed',
  /** The agent sent DELETE. */
  'deleted',
  /** The tool server crashed, or forgot the session. */
  'upstream_gone',
  /** Nobody used it for too long. */
  'idle',
  /** It lay unused, and its owner opened more than it may have. */
  'displaced',
  /** The session that it belongs to has ended. */
  'refused',
  'drained',
] as const

/** How a call ended that was open until then. */
export const outcomeOfEnd = (why: McpSessionEnd): 'error' | 'cancelled' =>
  why === 'upstream_gone' ? 'error' : 'cancelled'

const over = {
  initialize_failed: 'ended',
  deleted: 'ended',
  upstream_gone: 'ended',
  idle: 'ended',
  displaced: 'ended',
  refused: 'ended',
  drained: 'ended',
} as const satisfies Record<McpSessionEnd, 'ended'>

const sessionTable: Readonly<Record<McpSessionState, Readonly<Record<McpSessionEvent, McpSessionState>>>> = {
  starting: { ...over, initialized: 'open' },
  // A second answer to `initialize` changes nothing; its failure cannot be of this session.
  open: { ...over, initialized: 'open', initialize_failed: 'open' },
  ended: { ...over, initialized: 'ended' },
}

export const nextSessionState = (state: McpSessionState, event: McpSessionEvent): McpSessionState =>
  sessionTable[state][event]
