import type { AgentReply } from '../ports.ts'

/** The last message for a request, in whatever form its answer has begun. */
export const finishReply = (reply: AgentReply, text: string, status = 200): void => {
  if (reply.state === 'waiting') {
    reply.answer({ status, headers: { 'content-type': 'application/json' }, body: text })
  } else {
    reply.event({ event: 'message', data: text })
    reply.end()
  }
}
