import type { AgentReply } from '../ports.ts'

/** A reply that gives one kind of answer to somebody else, instead of to the agent. @param then once what answered has ended */
export const divertedReply = (
  reply: AgentReply,
  isOther: (text: string) => boolean,
  then: () => void,
): AgentReply => {
  let isDiverted = false

  const divert = (text: string): boolean => {
    if (isDiverted || !isOther(text)) return isDiverted
    isDiverted = true
    queueMicrotask(then)
    return true
  }

  return {
    get state() {
      return isDiverted ? 'over' : reply.state
    },
    belongTo: owner => reply.belongTo(owner),
    setHeader: (name, value) => reply.setHeader(name, value),
    answer(answer) {
      if (!divert(answer.body)) reply.answer(answer)
    },
    openStream: () => reply.openStream(),
    openStreamWhenSlow: () => reply.openStreamWhenSlow(),
    event: event => divert(event.data) || reply.event(event),
    end() {
      if (!isDiverted) reply.end()
    },
    onRoom: listener => reply.onRoom(listener),
    onOver: listener => reply.onOver(listener),
  }
}
