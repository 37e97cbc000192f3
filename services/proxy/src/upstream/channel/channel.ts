import type { Fault } from '../../core/fault.ts'
import type { RequestId, RpcMessage } from '../../core/json-rpc.ts'
import type { AgentReply } from '../../ports.ts'
import type { ForwardedHeaders } from '../upstream.ts'

/** How messages get to a tool server and back, whatever they say. */
export interface Channel {
  /** @param id of a request: what comes in answer comes with it */
  send(text: string, headers: ForwardedHeaders, id?: RequestId): void
  /** Opens the stream for what a server with sessions says of its own accord, where the transport has one. */
  listen(headers: ForwardedHeaders): void
  /** Nobody waits for this request any more. @returns whether its server notices by that alone */
  hangUp(id: RequestId): boolean
  /** Resolves when nothing of it is left. */
  end(): Promise<void>
}

export interface ChannelListener {
  /**
   * @param via the request that it came in answer to, where the transport knows
   * @returns an agent that reads slower than the server writes; nothing more is read until it has room
   */
  onMessage(message: RpcMessage, via: RequestId | undefined): AgentReply | undefined
  /** There will be no answer to this request. */
  onFault(id: RequestId, fault: Fault): void
  /** Once: the server is gone, or has forgotten the session. */
  onGone(fault: Fault): void
}
