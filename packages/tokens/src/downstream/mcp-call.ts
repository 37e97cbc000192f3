/** A request as the tool server sees it: an MCP method, or `GET` and `DELETE`, and what it calls. */
export interface McpCall {
  readonly method: string
  /** The tool's own name; reading a resource and getting a prompt are calls of tools that every server has. */
  readonly tool?: string
  /** Present where a tool is. */
  readonly arguments?: unknown
}

/** In place of the method where a client answers what the server asked. */
export const answerMethod = 'answer'

/** @param message a JSON-RPC message of a client @returns what it calls; proxy, agent and tool server read it alike */
export const mcpCallOf = (message: Readonly<Record<string, unknown>>): McpCall => {
  const method = typeof message['method'] === 'string' ? message['method'] : answerMethod
  const params = objectOf(message['params'])
  switch (method) {
    case 'tools/call':
      return { method, tool: String(params['name']), arguments: params['arguments'] ?? {} }
    case 'resources/read':
      return { method, tool: 'resources:read', arguments: ownParams(params) }
    case 'prompts/get':
      return { method, tool: 'prompts:get', arguments: ownParams(params) }
    default:
      return { method }
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

// What the protocol adds to a request is no argument of it: it differs when the request is tried again.
const ownParams = ({
  _meta,
  inputResponses: _responses,
  requestState: _state,
  ...own
}: Readonly<Record<string, unknown>>): object => own
