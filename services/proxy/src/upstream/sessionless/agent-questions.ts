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

export const createAgentQuestions = ({ timers, retry, fail }: AgentQuestionsOptions): AgentQuestions => {
  const open = new Map<RequestId, { readonly round: Round; readonly key: string }>()
  const rounds = new WeakMap<Exchange, number>()
  let asked = 0

  const again = ({ exchange, request, answers, answerIds }: Round): void => {
    if (exchange.state !== 'forwarded') return
    const given = Object.keys(answers).length > 0 ? { inputResponses: answers } : {}
    retry(exchange, { ...request, params: { ...request.params, ...given } }, answerIds)
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
const unanswered = 'Cordon: expected an answer to what the tool server asked within this call, got an error'
