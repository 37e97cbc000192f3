import { fork } from 'node:child_process'
import { once } from 'node:events'

import { youngGeneration } from '@cordon/infra'

/** What a process can be asked: name → question and answer. A `type`, not an `interface`. */
export type QuestionMap = Readonly<Record<string, { readonly question: unknown; readonly answer: unknown }>>

/** A process of a bench: asked one thing after the other, it answers each. */
export interface Child<Questions extends QuestionMap> {
  readonly pid: number
  ask<Name extends keyof Questions & string>(
    name: Name,
    question: Questions[Name]['question'],
  ): Promise<Questions[Name]['answer']>
  /** Resolves when it has ended. */
  stop(): Promise<void>
}

/** Longer than anything that is asked takes: a bench ends by itself, also when something hangs. */
const answerLimitMs = 180_000

type Reply = { readonly answer: unknown } | { readonly fault: string }

/** @param file URL of a module that calls `answerParent` */
export const startChild = <Questions extends QuestionMap>(file: URL): Child<Questions> => {
  const child = fork(file, { serialization: 'advanced', execArgv: [...process.execArgv, youngGeneration] })
  const exited = once(child, 'exit')
  return {
    // Absent where it could not be started; then it exits, and whatever is asked says so.
    pid: child.pid ?? Number.NaN,
    ask: async (name, question) => {
      child.send({ name, question })
      const arrived: unknown[] = await Promise.race([
        once(child, 'message', { signal: AbortSignal.timeout(answerLimitMs) }),
        exited.then(() => []),
      ])
      const reply = arrived[0] as Reply | undefined
      if (reply === undefined) throw new Error(`${name}: expected an answer, got a process that ended`)
      if ('fault' in reply) throw new Error(`${name}: ${reply.fault}`)
      return reply.answer
    },
    stop: async () => {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

type Answers<Questions extends QuestionMap> = {
  readonly [Name in keyof Questions]: (
    question: Questions[Name]['question'],
  ) => Promise<Questions[Name]['answer']>
}

/** The child's side. Ends the process when the parent lets it go, or is gone. */
export const answerParent = <Questions extends QuestionMap>(answers: Answers<Questions>): void => {
  const reply = (message: Reply): void => void process.send?.(message)
  process.on('message', (message: { readonly name: keyof Questions; readonly question: unknown }) => {
    answers[message.name](message.question).then(
      answer => reply({ answer }),
      (error: unknown) => reply({ fault: error instanceof Error ? error.message : String(error) }),
    )
  })
  process.once('disconnect', () => process.exit())
}
