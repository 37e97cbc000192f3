import type { Contribution } from '@cordon/schemas'

/** Sessions of which is remembered what was told. */
const sessionLimit = 1000
/** A contribution that grew by less is no news: it would be with each call. */
const leastGrowth = 0.05

/** What was said of sessions already, so that it is not said again with each refusal. Bounded. */
export class ToldContributions {
  readonly #told = new Map<string, ReadonlyMap<string, Contribution>>()

  /** Those that say something new of the session: another fact, or more evidence. They count as told from now on. */
  news(sessionId: string, contributions: readonly Contribution[]): readonly Contribution[] {
    const told = this.#told.get(sessionId)
    const news = contributions.filter(contribution => isNews(contribution, told?.get(contribution.signal)))
    this.#told.set(sessionId, new Map([...(told ?? []), ...news.map(each => [each.signal, each] as const)]))
    const [first] = this.#told.keys()
    if (this.#told.size > sessionLimit && first !== undefined) this.#told.delete(first)
    return news
  }
}

const isNews = (contribution: Contribution, told: Contribution | undefined): boolean =>
  told === undefined ||
  withoutAge(contribution.fact) !== withoutAge(told.fact) ||
  contribution.nats >= told.nats + leastGrowth

/** The same fact is older with each call. */
const withoutAge = (fact: string): string => fact.replace(/ \(\d+ calls? ago\)$/, '')
