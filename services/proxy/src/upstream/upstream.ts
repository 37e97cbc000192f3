import type { Answer } from '../core/answer.ts'
import type { RpcNotification, RpcResponse } from '../core/json-rpc.ts'
import type { AgentReply } from '../ports.ts'
import type { Exchange } from '../session/exchange.ts'

/** Headers of the agent that mean something to a tool server; its authorization is not among them. */
export type ForwardedHeaders = Readonly<Record<string, string>>

/** One MCP session's way to its tool server. */
export interface Upstream {
  /** Sends a request; whatever comes of it, a fault too, goes to its exchange. @param text the message */
  request(exchange: Exchange, text: string, headers: ForwardedHeaders): void
  /** Sends a notification or a response. @param text the message */
  notify(message: RpcNotification | RpcResponse, text: string, headers: ForwardedHeaders): Promise<Answer>
  /** Says what is the proxy's own; the answer is for nobody. @param text a request, with an id of the proxy's */
  tell(text: string, headers: ForwardedHeaders): Promise<void>
  /** What the server says of its own accord goes here. */
  listen(reply: AgentReply, headers: ForwardedHeaders): void
  /** Resolves when nothing of it is left. */
  end(): Promise<void>
}

/** What an upstream tells the session that it serves. */
export interface UpstreamObserver {
  /** The server is gone, or has forgotten the session. */
  onGone(): void
}
