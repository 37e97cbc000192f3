import { setTimeout as sleep } from 'node:timers/promises'

import { CordonError } from '@cordon/foundation'
import { createStreamPace, leastRetryMs } from '@cordon/framing'

import type { ConnectErrorCode } from '../core/error-code.ts'
import { type ClientMessage, type ClientRequest, isJsonObject } from '../core/mcp/client-message.ts'
import { errorAnswer, refusalAnswer } from '../core/mcp/rpc-error.ts'
import type { UpstreamAnswer } from '../ports.ts'
import { createMcpSession } from './mcp-session.ts'
import { type ReadAnswer, readAnswer, readText } from './read-answer.ts'
import { followServerStream } from './server-stream.ts'
import { unanswered } from './unanswered.ts'
import type { Way } from './way.ts'

/** MCP up to 2025-11-25: a session with the server, which this client keeps on behalf of the one on standard streams. */
export interface SessionfulClient {
  send(message: ClientMessage): Promise<void>
  isUsed(): boolean
  /** Ends the session with the server. */
  close(): Promise<void>
}

const resumptions = 5
const resumeAfterMs = 500

export const createSessionfulClient = (way: Way): SessionfulClient => {
  const { output, faults, closed } = way
  const session = createMcpSession(way)
  const pace = createStreamPace()
  let listening = new AbortController()

  const listen = (): void => {
    listening.abort()
    listening = new AbortController()
    const signal = AbortSignal.any([listening.signal, closed])
    void followServerStream({ session, output, faults, signal, pace, reopen })
  }

  const reopen = async (forgottenId: string): Promise<void> => {
    if (!(await session.reopen(forgottenId))) return
    faults.reopened()
    listen()
  }

  const post = async (text: string): Promise<UpstreamAnswer> => {
    const opened = session.id
    const answer = await session.post(text, closed)
    if (answer.status !== 404 || opened === undefined) return answer
    await readText(answer)
    await reopen(opened)
    return session.post(text, closed)
  }

  /** The rest of a stream that broke off, or ended for now (SEP-1699). */
  const resume = async (id: string | number, first: ReadAnswer): Promise<ReadAnswer> => {
    let last = first
    for (let made = 0; made < resumptions && last.response === undefined; made += 1) {
      const { lastEventId } = last
      if (lastEventId === undefined) return last
      const retryMs = Math.max(last.retryMs ?? resumeAfterMs, leastRetryMs)
      await sleep(retryMs, undefined, { signal: closed })
      const answer = await session.get(closed, lastEventId)
      if (answer.status !== 200) return { ...last, broken: await readText(answer) }
      const read = await readAnswer(answer, id, text => output.write(text))
      last = { ...read, lastEventId: read.lastEventId ?? lastEventId, retryMs: read.retryMs ?? last.retryMs }
    }
    return last
  }

  const request = async (message: ClientRequest): Promise<void> => {
    const { id, method, text } = message
    try {
      const isOpening = method === 'initialize'
      const answer = isOpening ? await session.open(text, closed) : await post(text)
      if (answer.status >= 300)
        return await output.write(refusalAnswer(id, answer.status, await readText(answer)))
      // The next message says which version this one agreed on.
      const pass = (line: string): Promise<void> => output.write(line)
      const read = await readAnswer(answer, id, isOpening ? holdBack(id, pass, session.agreed) : pass)
      const { response, broken } = await resume(id, read)
      if (response === undefined && !closed.aborted) await output.write(errorAnswer(id, unanswered(broken)))
    } catch (error) {
      if (!closed.aborted) await output.write(errorAnswer(id, error))
    }
  }

  const notify = async (message: Exclude<ClientMessage, { kind: 'request' }>): Promise<void> => {
    const isIntroduced = message.kind === 'notification' && message.method === 'notifications/initialized'
    try {
      if (isIntroduced) session.introduced(message.text)
      const answer = await post(message.text)
      await readText(answer)
      if (answer.status >= 300) faults.notificationLost(refused(answer.status))
      else if (isIntroduced) listen()
    } catch (error) {
      if (!closed.aborted) faults.notificationLost(error)
    }
  }

  return {
    isUsed: () => session.isOpen,
    send: message => (message.kind === 'request' ? request(message) : notify(message)),
    close: () => session.close(),
  }
}

/** Tells of the answer to `initialize` before the client can go on with it. */
const holdBack =
  (id: string | number, pass: (line: string) => Promise<void>, agreed: (version: string) => void) =>
  (line: string): Promise<void> => {
    const value: unknown = JSON.parse(line)
    const result = isJsonObject(value) && value['id'] === id ? value['result'] : undefined
    const version = isJsonObject(result) ? result['protocolVersion'] : undefined
    if (typeof version === 'string') agreed(version)
    return pass(line)
  }

const refused = (status: number): CordonError<ConnectErrorCode> =>
  new CordonError('ANSWER_LOST', `proxy: expected to take a notification, got status ${status}`)
