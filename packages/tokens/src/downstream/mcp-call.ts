/** A request as the tool server sees it: an MCP method, or `GET` and `DELETE`, what it calls, and all that it says. */
export interface McpCall {
  readonly method: string
  /** The tool's own name; reading a resource and getting a prompt are calls of tools that every server has. */
  readonly tool?: string
  /** Present where a tool is. */
  readonly arguments?: unknown
  /** What a call says beside: `inputResponses`, `requestState`, `task`; absent where that is nothing. */
  readonly rest?: Readonly<Record<string, unknown>>
  /** What a message says that calls nothing: its params without `_meta`, or the answer with the id that it answers. */
  readonly content?: unknown
}

/** In place of the method where a client answers what the server asked. */
export const answerMethod = 'answer'

/**
 * What only stops what a session began. It comes when the session is suspended or over, too: of a session that may do nothing an engine
 * issues no token for anything else. An agent that said such a message itself while its session stood has a token for it too, for as long as
 * call tokens live: all that it can do with it afterwards is stop what its session began.
 */
export const stoppingMethods: ReadonlySet<string> = new Set([
  'DELETE',
  'notifications/cancelled',
  'tasks/cancel',
])

/** @param message a JSON-RPC message of a client @returns what it calls and says; proxy, agent and tool server read it alike */
export const mcpCallOf = (message: Readonly<Record<string, unknown>>): McpCall => {
  const { method } = message
  if (typeof method !== 'string') {
    const { jsonrpc: _version, ...answer } = message
    return { method: answerMethod, content: answer }
  }
  const params = objectOf(message['params'])
  switch (method) {
    case 'tools/call': {
      const { name, ['arguments']: args, _meta, ...rest } = params
      return { method, tool: String(name), arguments: args ?? {}, ...restOf(rest) }
    }
    case 'resources/read':
      return ruledCall(method, 'resources:read', params)
    case 'prompts/get':
      return ruledCall(method, 'prompts:get', params)
    default:
      return { method, content: contentOf(message['params']) }
  }
}

// What the protocol adds to a request is no argument of it: it differs when the request is tried again.
const ruledCall = (method: string, tool: string, params: Readonly<Record<string, unknown>>): McpCall => {
  const { _meta, inputResponses, requestState, ...own } = params
  const rest = {
    ...(inputResponses !== undefined && { inputResponses }),
    ...(requestState !== undefined && { requestState }),
  }
  return { method, tool, arguments: own, ...restOf(rest) }
}

const restOf = (rest: Readonly<Record<string, unknown>>): Pick<McpCall, 'rest'> => {
  for (const _name in rest) return { rest }
  return {}
}

/** Params are an object in MCP; what else stands there is content all the same. */
const contentOf = (params: unknown): unknown => {
  if (params === undefined || params === null) return {}
  if (typeof params !== 'object' || Array.isArray(params)) return params
  const { _meta, ...content } = params as Record<string, unknown>
  return content
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
