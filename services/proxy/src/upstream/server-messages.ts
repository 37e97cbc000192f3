import { errorText } from '../core/answer.ts'
import type { ErrorCode } from '../core/error-code.ts'
import { errorCode } from '../core/error-code.ts'
import type { RequestId, RpcNotification, RpcRequest, RpcResponse } from '../core/json-rpc.ts'
import { isServerMessage } from '../core/server-methods.ts'
import type { ProxyEvents } from '../events.ts'
import type { Timers } from '../ports.ts'

/** More than any agent, or the person behind it, is asked at once; bounds what one session can hold. */
const maxOpenQuestions = 64

export interface ServerMessagesOptions {
  readonly events: ProxyEvents
  readonly timers: Timers
  /** How long an answer is worth waiting for. */
  readonly callTimeoutMs: number
  /** Answers the server in the agent's place. */
  readonly answer: (text: string) => void
}

/** What a server asks and says of its own accord in one MCP session: the agent gets what it can answer, and no flood of it. */
export interface ServerMessages {
  /** @returns whether the agent may have it; a request that it may not have is answered here */
  passes(message: RpcRequest | RpcNotification): boolean
  /** @returns whether it answers what the server still waits for; what does not stays here */
  settles(response: RpcResponse): boolean
}

export const createServerMessages = (options: ServerMessagesOptions): ServerMessages => {
  const { events, timers, callTimeoutMs, answer } = options
  /** When each open question was asked, oldest first. */
  const questions = new Map<RequestId, number>()

  const forgetOld = (): void => {
    for (const [id, askedAt] of questions) {
      if (timers.now() - askedAt < callTimeoutMs) return
      questions.delete(id)
    }
  }

  const refuse = (id: RequestId, code: ErrorCode, problem: string): void =>
    answer(errorText(id, code, `Cordon: ${problem}`))

  return {
    passes(message) {
      if (!isServerMessage(message)) {
        events.serverMessageRefused('method_unknown')
        if (message.kind === 'request') refuse(message.id, errorCode.methodNotFound, methodUnknown)
        return false
      }
      if (message.kind === 'notification') {
        // A question that its server gave up is open no more.
        const { requestId } = message.params
        if (message.method === 'notifications/cancelled') questions.delete(requestId as RequestId)
        return true
      }
      forgetOld()
      // The same one again is repeated by a stream that was resumed.
      if (questions.size >= maxOpenQuestions && !questions.has(message.id)) {
        events.serverMessageRefused('too_many_open')
        refuse(message.id, errorCode.overloaded, tooManyOpen)
        return false
      }
      questions.delete(message.id)
      questions.set(message.id, timers.now())
      return true
    },
    settles({ id }) {
      const isAsked = id !== undefined && questions.delete(id)
      if (!isAsked) events.responseUnasked()
      return isAsked
    },
  }
}

const methodUnknown = 'expected a request that MCP servers send, got another one; the agent was not asked'
const tooManyOpen = `expected at most ${maxOpenQuestions} open requests of a server in an MCP session, got more`
