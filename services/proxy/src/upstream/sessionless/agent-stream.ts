import type { Answer } from '../../core/answer.ts'
import { reject } from '../../core/answer.ts'
import { createBacklog } from '../../core/backlog.ts'
import { errorCode } from '../../core/error-code.ts'
import type { ProxyEvents } from '../../events.ts'
import type { AgentReply } from '../../ports.ts'

/** The stream that an agent in a session opens for what its server says of its own accord. */
export interface AgentStream {
  open(reply: AgentReply): void
  /** @returns an agent that reads slower than the server writes */
  write(text: string): AgentReply | undefined
}

/** What a server may say before the agent opens its stream, or while it is being opened again. */
const maxBacklogMessages = 256
const maxBacklogCharacters = 1024 * 1024

export const createAgentStream = (events: ProxyEvents): AgentStream => {
  const backlog = createBacklog(maxBacklogMessages, maxBacklogCharacters)
  let open: AgentReply | undefined

  const write = (text: string): AgentReply | undefined => {
    if (open !== undefined && open.state !== 'over') {
      return open.event({ event: 'message', data: text }) ? undefined : open
    }
    events.serverMessagesDropped(backlog.add(text))
    return undefined
  }

  return {
    open(reply) {
      if (open !== undefined && open.state !== 'over') return reply.answer(taken)
      open = reply
      reply.openStream()
      for (const text of backlog.take()) write(text)
    },
    write,
  }
}

const taken: Answer = reject({
  status: 409,
  cause: 'stream_taken',
  code: errorCode.badRequest,
  message: 'expected one stream for server messages per MCP session, got a second one',
})
