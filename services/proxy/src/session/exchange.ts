import type { OutcomeReport } from '@cordon/engine-socket'
import type { InvocationId } from '@cordon/foundation'

import { isJsonObject } from '../core/json-rpc.ts'
import type { RequestId, RpcRequest, RpcResponse } from '../core/json-rpc.ts'
import type { AgentReply } from '../ports.ts'

/** One request of the agent, from its arrival to its answer. */
export interface Exchange {
  /** By which its server knows it. */
  readonly id: RequestId
  /** By which its agent knows it: two agents of one link may use the same. */
  readonly agentId: RequestId
  readonly method: string
  /** By which the server announces how far it is. */
  readonly progressToken: RequestId | undefined
  readonly reply: AgentReply
  /** Answered by a stream that stays open: there is nothing to wait for. */
  readonly isLasting: boolean
  /** May go on as a task (MCP 2025-11-25, tasks). */
  readonly asksForTask: boolean
  /** `deciding`: nothing of it was forwarded yet. */
  state: 'deciding' | 'forwarded' | 'over'
  /** How it ended, once it is over: a call may come to be on record only after that. */
  outcome: OutcomeReport['outcome'] | undefined
  /** The agent does not want it any more. */
  cancelled: boolean
  /** The call that it is on record as; its outcome has to be reported. */
  invocationId: InvocationId | undefined
  /** What it calls, by the name that the engine has for it; absent where it calls nothing. */
  tool: string | undefined
  /** Has the last word on what of the response the agent is told. */
  screen: ((response: RpcResponse) => RpcResponse) | undefined
  /** Sees the response before its outcome is reported, and before the agent does. */
  onResponse: ((response: RpcResponse) => void) | undefined
  /** Run when nothing more is expected of the server. */
  readonly onOver: (() => void)[]
}

export const createExchange = (
  { id: agentId, method, params }: RpcRequest,
  reply: AgentReply,
  id: RequestId,
): Exchange => ({
  id,
  agentId,
  method,
  progressToken: progressTokenOf(params),
  reply,
  isLasting: method === 'subscriptions/listen',
  asksForTask: isJsonObject(params['task']),
  state: 'deciding',
  outcome: undefined,
  cancelled: false,
  invocationId: undefined,
  tool: undefined,
  screen: undefined,
  onResponse: undefined,
  onOver: [],
})

const progressTokenOf = ({ _meta: meta }: RpcRequest['params']): RequestId | undefined => {
  const token = isJsonObject(meta) ? meta['progressToken'] : undefined
  return typeof token === 'string' || typeof token === 'number' ? token : undefined
}
