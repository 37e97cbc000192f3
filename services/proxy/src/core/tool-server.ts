/** How a tool server is reached. */
export type ToolServer = PipeServer | HttpServer

/** One that everything it says comes from on one way, whatever it answers. */
export type PipeServer = StdioServer | SseServer

export interface StdioServer {
  readonly transport: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  /** Beside the few variables that programs need to find themselves; nothing else of the proxy's environment. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string | undefined
}

export interface HttpServer {
  readonly transport: 'http'
  readonly url: string
  /** Sent with each request; where the proxy's own credentials go. */
  readonly headers: Readonly<Record<string, string>>
}

/** HTTP as MCP 2024-11-05 has it. */
export interface SseServer extends Omit<HttpServer, 'transport'> {
  readonly transport: 'sse'
}
