import type { SaidAs } from '@cordon/engine-socket'

import { errorCode } from '../../core/error-code.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RequestId, RpcRequest, RpcResponse } from '../../core/json-rpc.ts'
import { statelessResponse } from '../../core/stateless/translation.ts'
import { toolsOf } from '../../core/tools-of.ts'
import { without } from '../../core/without.ts'
import type { Timer, Timers } from '../../ports.ts'
import type { Ongoing } from '../../session/connection.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { Exchanges } from '../../session/exchanges.ts'
import { answerExchange } from './answer-exchange.ts'

/**
 * Calls during which a server with sessions may ask its client something. A stateless agent is asked by the result of the
 * call (`input_required`), and the call is held until the agent makes it again with the answer.
 */
export interface HeldCalls extends Ongoing {
  /** A call is on its way to the server. */
  begin(exchange: Exchange, request: RpcRequest): void
  /** @param via the call that it was asked in, where the transport knows @returns false where no agent can be asked */
  ask(question: RpcRequest, via: RequestId | undefined): boolean
  /** The held call that a retry goes on with. */
  heldId(request: RpcRequest): RequestId | undefined
  /** Goes on with a held call. */
  resume(exchange: Exchange, request: RpcRequest): void
  /** Its server answered without waiting. @returns whether the call is held */
  keep(response: RpcResponse): boolean
  abandon(id: RequestId): void
}

export interface HeldCallsOptions {
  readonly exchanges: Exchanges
  readonly timers: Timers
  /** How long an agent may take for its answer. */
  readonly holdMs: number
  /** Unguessable. */
  readonly newState: () => string
  /** Answers a question of the server. @param saidAs where the answer is the agent's, and how it proved that */
  readonly reply: (
    question: RpcRequest,
    answer: { readonly result: unknown } | { readonly error: unknown },
    saidAs?: SaidAs,
  ) => void
  /** The call is given up. */
  readonly cancel: (id: RequestId) => void
}

interface Call {
  readonly id: RequestId
  readonly method: string
  /** Method and params, by which a retry is known to be the same call. */
  readonly text: string
  exchange: Exchange
  /** Those that were not answered; of a held call its agent has the first one. */
  readonly questions: RpcRequest[]
  /** Present while it is held. */
  state: string | undefined
  timer: Timer | undefined
  response: RpcResponse | undefined
}

const askable: ReadonlySet<string> = new Set(['tools/call', 'resources/read', 'prompts/get'])
const questionKey = 'question'

export const createHeldCalls = (options: HeldCallsOptions): HeldCalls => {
  const { exchanges, timers, newState } = options
  const calls = new Map<RequestId, Call>()

  const follow = (call: Call, exchange: Exchange): void => {
    call.exchange = exchange
    exchange.onOver.push(() => {
      if (call.exchange === exchange && call.state === undefined) calls.delete(call.id)
    })
  }

  const giveUpCall = (call: Call): void => {
    calls.delete(call.id)
    for (const question of call.questions) options.reply(question, { error: unanswered })
    options.cancel(call.id)
  }

  const hold = (call: Call): void => {
    const { method, params } = call.questions[0]!
    call.state = newState()
    call.timer = timers.after(options.holdMs, () => giveUpCall(call))
    answerExchange(exchanges, call.exchange, {
      kind: 'response',
      id: call.id,
      result: {
        resultType: 'input_required',
        inputRequests: { [questionKey]: { method, params } },
        requestState: call.state,
      },
      error: undefined,
    })
  }

  const heldFor = ({ params }: RpcRequest): Call | undefined => {
    const state = params['requestState']
    return typeof state === 'string' ? calls.values().find(call => call.state === state) : undefined
  }

  const goOn = (call: Call, exchange: Exchange, answer: JsonObject): void => {
    const saidAs = { inputResponse: { name: questionKey, requestState: call.state ?? '' } }
    call.timer?.cancel()
    call.state = undefined
    follow(call, exchange)
    options.reply(call.questions.shift()!, { result: answer }, saidAs)
    if (call.response !== undefined) return answerExchange(exchanges, exchange, call.response)
    if (call.questions.length > 0) hold(call)
  }

  /** With one call open there is no doubt which agent is asked. */
  const onlyCall = (): Call | undefined => (calls.size === 1 ? calls.values().next().value : undefined)

  return {
    begin(exchange, request) {
      const { id, method } = exchange
      if (!askable.has(method)) return
      const call: Call = {
        id,
        method,
        text: textOf(request),
        exchange,
        questions: [],
        state: undefined,
        timer: undefined,
        response: undefined,
      }
      calls.set(id, call)
      follow(call, exchange)
    },
    ask(question, via) {
      const call = via === undefined ? onlyCall() : calls.get(via)
      if (call === undefined) return false
      call.questions.push(question)
      if (call.state === undefined && call.exchange.state === 'forwarded') hold(call)
      return true
    },
    heldId: request => heldFor(request)?.id,
    resume(exchange, request) {
      const call = heldFor(request)
      const answers = request.params['inputResponses']
      const answer = isJsonObject(answers) ? answers[questionKey] : undefined
      if (call?.text === textOf(request) && isJsonObject(answer)) return goOn(call, exchange, answer)
      answerExchange(exchanges, exchange, {
        kind: 'response',
        id: exchange.id,
        result: undefined,
        error: { code: errorCode.invalidParams, message: notTheSame },
      })
    },
    keep(response) {
      const call = response.id === undefined ? undefined : calls.get(response.id)
      if (call?.state === undefined) return false
      call.response = statelessResponse(call.method, response)
      return true
    },
    giveUp(tool) {
      for (const call of calls.values()) {
        if (!isHeld(call) || (tool !== undefined && call.exchange.tool !== tool)) continue
        call.timer?.cancel()
        giveUpCall(call)
      }
    },
    tools: () => toolsOf([...calls.values()].filter(isHeld).map(({ exchange }) => exchange)),
    abandon(id) {
      const call = calls.get(id)
      call?.timer?.cancel()
      calls.delete(id)
    },
  }
}

const isHeld = ({ state }: Call): boolean => state !== undefined

const textOf = ({ method, params }: RpcRequest): string =>
  JSON.stringify([method, without(params, '_meta', 'inputResponses', 'requestState')])

const notTheSame =
  'params: expected the same call with the requestState that it was answered with and an answer to what was asked, got something else'

const unanswered = { code: errorCode.internalError, message: 'The client gave no answer.' }
