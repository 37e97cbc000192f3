import { maturityInWords } from '@cordon/risk'

import type { LearnedFact } from './session-fact.ts'

/** Agents of which is remembered what they were said to be known from. */
const agentLimit = 1000
const prefix = 'agent/'

/** Says what agents are known from, where that is news. Bounded. */
export class LearnedAgents {
  readonly #sessions = new Map<string, number>()

  /** @returns nothing of roles and everyone, who learn along, nor of a version that no session was added to or taken from */
  lineOf({ subject, version, sessions }: LearnedFact): string | undefined {
    if (!subject.startsWith(prefix) || this.#sessions.get(subject) === sessions) return undefined
    this.#sessions.delete(subject)
    this.#sessions.set(subject, sessions)
    const [first] = this.#sessions.keys()
    if (this.#sessions.size > agentLimit && first !== undefined) this.#sessions.delete(first)
    return `New baseline of ${subject.slice(prefix.length)}: version ${version}; ${maturityInWords(sessions)}`
  }
}
