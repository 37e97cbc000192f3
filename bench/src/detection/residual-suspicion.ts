import { startingNats, withSession, type EarlierSession } from '@cordon/risk'

import { peakOf, type JudgedSession } from './judged-session.ts'

type Suspicions = ReturnType<typeof withSession>

/** One human is enough: attacks are counted one by one. */
const human = 1

const severities: readonly EarlierSession['worst'][] = ['trusted', 'verify', 'read_only', 'suspended']

/**
 * The parts of split attacks again, the parts of each as one human's sessions one after the other: each starts with what those before it
 * left behind. Evidence is a sum, so what a session starts with is added to it.
 * @param judged parts that were judged each by itself, named `<attack>/<part>` and in their order
 * @param gapMs from one part to the next
 */
export const asOneHumans = (judged: readonly JudgedSession[], gapMs: number): readonly JudgedSession[] =>
  [...Map.groupBy(judged, attackOf).values()].flatMap(parts => {
    let held: Suspicions = []
    return parts.map((part, position) => {
      const at = position * gapMs
      const start = startingNats(held, human, at)?.nats ?? 0
      // What earlier sessions left must not feed on itself: a part counts by what it did alone.
      held = withSession(held, { human, worst: worstOf(part), peak: peakOf(part), at })
      return { ...part, evidence: part.evidence.map(nats => nats + start) }
    })
  })

const attackOf = ({ truth: { sid } }: JudgedSession): string => sid.slice(0, sid.lastIndexOf('/'))

const worstOf = ({ calls }: JudgedSession): EarlierSession['worst'] =>
  severities.findLast(severity => calls.some(({ standing }) => standing === severity)) ?? 'trusted'
