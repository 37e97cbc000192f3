import { extractMentions } from '@cordon/extraction'
import { inferCatalogueEntry } from '@cordon/policy'

import type { JudgedSession } from './judged-session.ts'
import type { RecordedCall, RecordedSession } from './recorded-sessions.ts'

/** Says how suspicious a session is after each of its calls, from what its suite's learned sessions did. */
type SimpleScorer = (session: RecordedSession) => readonly number[]

/** What anybody would try first: a model that does no better is worth nothing. */
export const simpleScorers: readonly {
  readonly name: string
  readonly learn: (sessions: readonly RecordedSession[]) => SimpleScorer
}[] = [
  {
    name: 'count of write calls',
    learn: () => session => running(session, ({ tool }) => (inferCatalogueEntry(tool).readOnly ? 0 : 1)),
  },
  {
    name: 'tool never seen',
    learn: sessions => {
      const seen = keysOf(sessions, ({ tool }) => [tool])
      return session => running(session, ({ tool }) => (seen.has(keyOf(session, tool)) ? 0 : 1))
    },
  },
  {
    name: 'new entity in arguments',
    learn: sessions => {
      const seen = keysOf(sessions, entitiesOf)
      return session =>
        running(session, call => entitiesOf(call).filter(entity => !seen.has(keyOf(session, entity))).length)
    },
  },
]

export const scoreSimply = (
  scorer: SimpleScorer,
  test: readonly RecordedSession[],
): readonly JudgedSession[] => test.map(truth => ({ truth, evidence: scorer(truth), calls: [] }))

const running = ({ calls }: RecordedSession, worth: (call: RecordedCall) => number): readonly number[] => {
  let sum = 0
  return calls.map(call => (sum += worth(call)))
}

const keysOf = (
  sessions: readonly RecordedSession[],
  of: (call: RecordedCall) => readonly string[],
): ReadonlySet<string> =>
  new Set(sessions.flatMap(session => session.calls.flatMap(of).map(key => keyOf(session, key))))

const keyOf = ({ suite }: RecordedSession, key: string): string => `${suite}\0${key}`

const entitiesOf = ({ args }: RecordedCall): readonly string[] =>
  extractMentions(args).entities.map(({ kind, value }) => `${kind}:${value}`)
