import type { RequestId, RpcMessage, RpcRequest } from '../../core/json-rpc.ts'
import type { AgentReply } from '../../ports.ts'
import type { Ongoing } from '../../session/connection.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { ForwardedHeaders } from '../upstream.ts'

/** How stateless requests are said to a server of one era, and what it says back. */
export interface Dialect {
  /** Whatever comes of it goes to its exchange. */
  request(exchange: Exchange, request: RpcRequest, headers: ForwardedHeaders): void
  /** @returns an agent that reads slower than the server writes */
  receive(message: RpcMessage, via: RequestId | undefined): AgentReply | undefined
  /** Nobody waits for it any more. */
  cancel(exchange: Exchange): void
  /** The call that a retry goes on with, where one is held for it. */
  heldId(request: RpcRequest): RequestId | undefined
  /** There will be no answer to a call that is held. */
  abandon(id: RequestId): void
  /** Calls that wait for what the agent answers. */
  readonly held: Ongoing
}
