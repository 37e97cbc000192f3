import { errorCode } from '../../core/error-code.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RequestId, RpcRequest, RpcResponse } from '../../core/json-rpc.ts'
import type { Timers } from '../../ports.ts'
import type { Exchange } from '../../session/exchange.ts'

/**
 * What a stateless server asks by the result of a call (`input_required`) is asked of an agent in a session by requests
 * of their own; then the call is made again with the answers, which the engine has judged once.
 */
export interface AgentQuestions {
  /** @returns whether the response asks something */
  ask(exchange: Exchange, request: RpcRequest, response: RpcResponse): boolean
  /** @returns whether it answers what was asked */
  answer(response: RpcResponse): boolean
}

export interface AgentQuestionsOptions {
  readonly timers: Timers
  /** @param answerIds of the agent's answers, by their name in `inputResponses` */
  readonly retry: (
    exchange: Exchange,
    request: RpcRequest,
    answerIds: Readonly<Record<string, RequestId>>,
  ) => void
  readonly fail: (exchange: Exchange, error: JsonObject) => void
  /** A server asked what its agent may not be asked, or too much at once. */
  readonly onRefused: (cause: 'method_unknown' | 'too_many_open') => void
}

interface Round {
  readonly exchange: Exchange
  readonly request: RpcRequest
  readonly answers: Record<string, unknown>
  readonly answerIds: Record<string, RequestId>
  left: number
}

/** A server that only wants to be asked again later. */
const againMs = 250
/** As many as the official packages allow. */
const maxRounds = 10
/** As many as a server with sessions has open. */
const maxQuestions = 64
/** `InputRequest` in the schema of MCP 2026-07-28: a lenient agent might do for a server what no protocol has. */
const askable: ReadonlySet<unknown> = new Set(['elicitation/create', 'sampling/createMessage', 'roots/list'])

export const createAgentQuestions = ({
  timers,
  retry,
  fail,
  onRefused,
}: AgentQuestionsOptions): AgentQuestions => {
  const open = new Map<RequestId, { readonly round: Round; readonly key: string }>()
  const rounds = new WeakMap<Exchange, number>()
  let asked = 0

  const again = ({ exchange, request, answers, answerIds }: Round): void => {
    if (exchange.state !== 'forwarded') return
    const given = Object.keys(answers).length > 0 ? { inputResponses: answers } : {}
    retry(exchange, { ...request, params: { ...request.params, ...given } }, answerIds)
  }

  const refuse = (exchange: Exchange, cause: 'method_unknown' | 'too_many_open', message: string): true => {
    onRefused(cause)
    fail(exchange, { code: errorCode.upstreamFailed, message })
    return true
  }

  const put = (round: Round, key: string, question: unknown): void => {
    const { method, params } = isJsonObject(question) ? question : {}
    const id = `cordon-question-${(asked += 1)}`
    open.set(id, { round, key })
    round.exchange.onOver.push(() => open.delete(id))
    round.exchange.reply.event({
      event: 'message',
      data: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    })
  }

  return {
    ask(exchange, request, { result }) {
      if (!isJsonObject(result) || result['resultType'] !== 'input_required') return false
      const count = (rounds.get(exchange) ?? 0) + 1
      rounds.set(exchange, count)
      if (count > maxRounds) {
        fail(exchange, { code: errorCode.upstreamFailed, message: tooMany })
        return true
      }
      const questions = isJsonObject(result['inputRequests']) ? Object.entries(result['inputRequests']) : []
      if (questions.length > maxQuestions) return refuse(exchange, 'too_many_open', tooManyAtOnce)
      if (!questions.every(([, question]) => isJsonObject(question) && askable.has(question['method'])))
        return refuse(exchange, 'method_unknown', notAskable)
      const { requestState } = result
      const params = { ...request.params, ...(typeof requestState === 'string' && { requestState }) }
      const round = {
        exchange,
        request: { ...request, params },
        answers: {},
        answerIds: {},
        left: questions.length,
      }
      for (const [key, question] of questions) put(round, key, question)
      if (questions.length === 0) timers.after(againMs, () => again(round))
      return true
    },
    answer({ id, result, error }) {
      const question = id === undefined ? undefined : open.get(id)
      if (id === undefined || question === undefined) return false
      open.delete(id)
      const { round, key } = question
      if (error !== undefined) {
        fail(round.exchange, { code: errorCode.upstreamFailed, message: unanswered })
        return true
      }
      round.answers[key] = result
      round.answerIds[key] = id
      round.left -= 1
      if (round.left === 0) again(round)
      return true
    },
  }
}

const tooMany = `Cordon: expected an answer after ${maxRounds} rounds of questions, got another question`
const tooManyAtOnce = `Cordon: expected at most ${maxQuestions} questions of a tool server at once, got more; the agent was not asked`
const notAskable =
  'Cordon: expected questions that MCP servers ask, got another request; the agent was not asked'
const unanswered = 'Cordon: expected an answer to what the tool server asked within this call, got an error'
