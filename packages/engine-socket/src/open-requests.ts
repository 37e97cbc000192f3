import type { Answers } from './answer.ts'
import { refuse, unasked } from './answer.ts'
import type { EngineReply } from './messages.ts'

type QuestionType = keyof Answers
type AnyAnswer = Answers[QuestionType]

interface OpenRequest {
  readonly type: QuestionType
  readonly timer: NodeJS.Timeout
  readonly resolve: (answer: AnyAnswer) => void
  sent: boolean
}

/** The questions that wait for an answer, each with its own limit of time. */
export interface OpenRequests {
  /** How many were sent and are not answered. */
  readonly sent: number
  open<Type extends QuestionType>(type: Type, request: number): Promise<Answers[Type]>
  /** False where the request is not open any more. */
  markSent(request: number): boolean
  /** An answer to nothing that is open is ignored: it came after its time-out. */
  settle(reply: EngineReply): void
  refuse(request: number, message: string): void
  refuseAll(message: string): void
}

/** @param onFreed a sent request ended: another may be sent */
export const createOpenRequests = (timeoutMs: number, onFreed: () => void): OpenRequests => {
  const requests = new Map<number, OpenRequest>()
  let sent = 0

  const end = (request: number, answerOf: (open: OpenRequest) => AnyAnswer): void => {
    const open = requests.get(request)
    if (open === undefined) return
    requests.delete(request)
    clearTimeout(open.timer)
    open.resolve(answerOf(open))
    if (!open.sent) return
    sent -= 1
    onFreed()
  }

  const refuseOne = (request: number, message: string): void => {
    // What was sent may have been counted, though the answer is lost.
    end(request, ({ type, sent }) =>
      (sent ? refuse : unasked)(type, { reason: 'ENGINE_UNAVAILABLE', message }),
    )
  }

  return {
    get sent() {
      return sent
    },
    open<Type extends QuestionType>(type: Type, request: number) {
      return new Promise<Answers[Type]>(resolve => {
        const timer = setTimeout(() => refuseOne(request, 'The engine did not answer in time.'), timeoutMs)
        // The answer's type was compared with the question's before it comes here.
        requests.set(request, { type, timer, resolve: resolve as (answer: AnyAnswer) => void, sent: false })
      })
    },
    markSent(request) {
      const open = requests.get(request)
      if (open === undefined) return false
      open.sent = true
      sent += 1
      return true
    },
    settle({ type, request, ...answer }) {
      end(request, ({ type: asked }) =>
        asked === type
          ? answer
          : refuse(asked, { reason: 'ENGINE_UNAVAILABLE', message: 'The engine answered another question.' }),
      )
    },
    refuse: refuseOne,
    refuseAll(message) {
      for (const request of requests.keys()) refuseOne(request, message)
    },
  }
}
