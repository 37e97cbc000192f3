import type { AgentReply } from '../ports.ts'

/** The last message for a request, in whatever form its answer has begun. */
export const finishReply = (reply: AgentReply, text: string): void => {
  if (reply.state === 'waiting') {
    reply.answer({ status: 200, headers: { 'content-type': 'application/json' }, body: text })
  } else {
    reply.event({ event: 'message', data: text })
    reply.end()
  }
}
