import type { OutcomeReport, Refusal } from '@cordon/engine-socket'
import type { InvocationId, SessionId } from '@cordon/foundation'

import type { Fault } from '../core/fault.ts'
import { faultText } from '../core/fault.ts'
import { outcomeOf, startedTask } from '../core/call-result.ts'
import type { RequestId, RpcRequest, RpcResponse } from '../core/json-rpc.ts'
import { cutText } from '../core/refusal-answer.ts'
import { toolsOf } from '../core/tools-of.ts'
import type { ProxyEvents } from '../events.ts'
import type { AgentReply, Engine, ResultReader, Timer, Timers } from '../ports.ts'
import { createConcluded } from './concluded.ts'
import type { Exchange } from './exchange.ts'
import { createExchange } from './exchange.ts'
import { finishReply } from './finish-reply.ts'
import { reportEnd, type Told } from './report-end.ts'
import type { Tasks } from './tasks.ts'

/** After a cancellation a response may still be on its way; its result then counts as any other. */
const cancelGraceMs = 1_000

/** More than any agent asks at once; bounds what one session can hold. */
export const maxOpenExchanges = 256

export interface ExchangesOptions {
  readonly owner: SessionId
  readonly server: string
  readonly engine: Pick<Engine, 'reportOutcome'>
  readonly results: ResultReader
  /** Where calls may go on as tasks. */
  readonly tasks?: Tasks
  readonly timers: Timers
  readonly events: ProxyEvents
  /** How long a tool server may be silent about a request. */
  readonly callTimeoutMs: number
  /** How long a request may take in all, whatever progress is told. */
  readonly maxCallMs: number
  /** A request is given up, and still open: the server may stop working on it. */
  readonly onGivenUp: (exchange: Exchange) => void
}

/**
 * The open requests of one MCP session: each ends once. Its agent does not wait for its outcome to be reported, but nothing that the
 * agent says after its answer overtakes that report on the way to the engine.
 */
export interface Exchanges {
  readonly size: number
  /** @param id by which its server knows it @returns `undefined` where it is in use: two answers could not be told apart */
  open(request: RpcRequest, reply: AgentReply, id?: RequestId): Exchange | undefined
  find(id: RequestId): Exchange | undefined
  /** A forwarded one: of what is not admitted yet its server knows nothing, and whoever asks must see nothing of the session. */
  findByProgress(token: RequestId): Exchange | undefined
  /** The forwarded one that was opened last. */
  newest(): Exchange | undefined
  all(): readonly Exchange[]
  /** The call is on record, as one of this tool. @returns false where the exchange is over: the call will not be forwarded, and that is reported */
  record(exchange: Exchange, invocationId: InvocationId | undefined, tool?: string): boolean
  /** From now on its server is being waited for. */
  markForwarded(exchange: Exchange): void
  /** The server is at work on it. */
  touch(exchange: Exchange): void
  /**
   * To be called before any of the response goes to the agent.
   * @param text the response under the agent's own id
   * @returns what of it goes to the agent
   */
  conclude(exchange: Exchange, response: RpcResponse, text: string): string
  /** Answers with an error instead. @param outcome by default that of the fault; what its agent cancelled ends as that */
  fail(exchange: Exchange, fault: Fault, outcome?: OutcomeReport['outcome']): void
  /** Ends it without an answer of the server: its agent was answered otherwise. */
  drop(exchange: Exchange, outcome: OutcomeReport['outcome']): void
  /** The agent cancelled it. @returns whether the server has to be told */
  cancel(id: RequestId): boolean
  /** What the agent was told of this very response before: a stream that is resumed repeats it. */
  toldBefore(id: RequestId, text: string): string | undefined
  failAll(fault: Fault, outcome?: OutcomeReport['outcome']): void
  /** The tools that its server is at work for, each once. */
  tools(): ReadonlySet<string>
  /**
   * Its session may not go on: what its server is at work on is answered with that, and the server told to stop. What is being decided the engine refuses.
   * @param tool where only calls of one tool may not go on
   */
  cut(refusal: Refusal, tool?: string): void
}

const isForwarded = ({ state }: Exchange): boolean => state === 'forwarded'

export const createExchanges = (options: ExchangesOptions): Exchanges => {
  const { server, tasks, timers, events } = options
  const exchanges = new Map<RequestId, Exchange>()
  const limits = new Map<Exchange, Timer>()
  const ceilings = new Map<Exchange, Timer>()
  const concluded = createConcluded()

  const takeCall = (exchange: Exchange): InvocationId | undefined => {
    const { invocationId } = exchange
    exchange.invocationId = undefined
    return invocationId
  }

  const report = (exchange: Exchange, outcome: OutcomeReport['outcome'], told?: Told): void =>
    reportEnd(options, takeCall(exchange), outcome, told)

  const close = (exchange: Exchange, outcome: OutcomeReport['outcome']): void => {
    exchange.state = 'over'
    exchange.outcome = outcome
    exchanges.delete(exchange.id)
    limits.get(exchange)?.cancel()
    limits.delete(exchange)
    ceilings.get(exchange)?.cancel()
    ceilings.delete(exchange)
  }

  const limit = (exchange: Exchange, milliseconds: number, listener: () => void): void => {
    limits.get(exchange)?.cancel()
    limits.set(exchange, timers.after(milliseconds, listener))
  }

  const drop = (exchange: Exchange, outcome: OutcomeReport['outcome']): void => {
    if (exchange.state === 'over') return
    close(exchange, outcome)
    report(exchange, outcome)
    exchange.reply.end()
    for (const listener of exchange.onOver) listener()
  }

  const answerInstead = (exchange: Exchange, text: string, outcome: OutcomeReport['outcome']): void => {
    close(exchange, outcome)
    report(exchange, outcome)
    finishReply(exchange.reply, text)
    for (const listener of exchange.onOver) listener()
  }

  const fail = (exchange: Exchange, fault: Fault, outcome = outcomeOfFault(fault)): void => {
    if (exchange.state === 'over') return
    // A server owes no answer to what its agent does not want any more, and may end its stream.
    if (!exchange.cancelled) events.upstreamFailed(server, fault)
    const text = faultText(exchange.agentId, server, fault)
    answerInstead(exchange, text, exchange.cancelled ? 'cancelled' : outcome)
  }

  const timeOut = (exchange: Exchange, detail: string): void => {
    options.onGivenUp(exchange)
    fail(exchange, { kind: 'timeout', detail })
  }

  const beginWaiting = (exchange: Exchange): void => {
    const { callTimeoutMs, maxCallMs } = options
    const silent = `expected an answer or progress within ${callTimeoutMs} ms, got none`
    const tooLong = `expected an answer within ${maxCallMs} ms, got progress alone`
    limit(exchange, callTimeoutMs, () => timeOut(exchange, silent))
    ceilings.set(
      exchange,
      timers.after(maxCallMs, () => timeOut(exchange, tooLong)),
    )
  }

  return {
    get size() {
      return exchanges.size
    },
    open(request, reply, id = request.id) {
      if (exchanges.has(id)) return undefined
      const exchange = createExchange(request, reply, id)
      exchanges.set(exchange.id, exchange)
      reply.belongTo(options.owner)
      return exchange
    },
    find: id => exchanges.get(id),
    findByProgress: token =>
      exchanges.values().find(exchange => isForwarded(exchange) && exchange.progressToken === token),
    newest: () => [...exchanges.values()].findLast(isForwarded),
    all: () => [...exchanges.values()],
    record(exchange, invocationId, tool) {
      exchange.invocationId = invocationId
      exchange.tool = tool
      if (exchange.outcome === undefined) return true
      report(exchange, exchange.outcome)
      return false
    },
    markForwarded(exchange) {
      exchange.state = 'forwarded'
      if (!exchange.isLasting) beginWaiting(exchange)
    },
    touch(exchange) {
      // After a cancellation progress buys no more time.
      if (!exchange.cancelled) limits.get(exchange)?.refresh()
    },
    conclude(exchange, response, text) {
      if (exchange.state === 'over') return text
      const outcome = outcomeOf(response)
      close(exchange, outcome)
      const screened = exchange.screen?.(response) ?? response
      const told = screened === response ? text : textOf(exchange, screened)
      const taskId = tasks !== undefined && exchange.asksForTask ? startedTask(response) : undefined
      const begun = taskId === undefined ? undefined : takeCall(exchange)
      if (tasks !== undefined && taskId !== undefined && begun !== undefined)
        reportEnd(options, tasks.add({ taskId, invocationId: begun, tool: exchange.tool }), 'cancelled')
      concluded.add(exchange.id, text, told)
      exchange.onResponse?.(response)
      report(exchange, outcome, { text: told, result: screened.error ?? screened.result })
      for (const listener of exchange.onOver) listener()
      return told
    },
    fail,
    drop,
    cancel(id) {
      const exchange = exchanges.get(id)
      if (exchange === undefined || exchange.cancelled) return exchange === undefined
      exchange.cancelled = true
      if (exchange.state === 'deciding') return false
      limit(exchange, cancelGraceMs, () => drop(exchange, 'cancelled'))
      return true
    },
    toldBefore: (id, text) => concluded.told(id, text),
    failAll(fault, outcome) {
      for (const exchange of exchanges.values()) fail(exchange, fault, outcome)
    },
    tools: () => toolsOf([...exchanges.values()].filter(isForwarded)),
    cut(refusal, tool) {
      for (const exchange of exchanges.values()) {
        if (!isForwarded(exchange) || (tool !== undefined && exchange.tool !== tool)) continue
        events.requestCut(refusal.reason)
        options.onGivenUp(exchange)
        answerInstead(exchange, cutText(exchange.agentId, refusal), 'cancelled')
      }
    },
  }
}

const outcomeOfFault = ({ kind }: Fault): OutcomeReport['outcome'] => (kind === 'timeout' ? kind : 'error')

const textOf = ({ agentId: id }: Exchange, { result, error }: RpcResponse): string =>
  JSON.stringify({ jsonrpc: '2.0', id, ...(error === undefined ? { result } : { error }) })
