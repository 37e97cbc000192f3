import type { ThresholdsInForce } from './thresholds-in-force.ts'

/** What was learned, as far as it makes figures easy to misread. */
export interface LearnedFrom {
  readonly sessions: number
  /** That were judged too. */
  readonly alsoJudged: number
  readonly thresholds: readonly ThresholdsInForce[]
}

/** For people, below the figures. */
export const learningNotes = ({ sessions, alsoJudged, thresholds }: LearnedFrom): string[] => [
  ...(sessions === 0 ? [nothingLearned] : thresholds.some(isEstimate) ? [tooFew] : []),
  ...(alsoJudged > 0
    ? [
        `${alsoJudged} ${alsoJudged === 1 ? 'session was' : 'sessions were'} both learned from and judged: they look more ordinary than they are.`,
      ]
    : []),
]

const nothingLearned =
  'Nothing was learned, so all that an agent does is new, and thresholds rest on no session. --learn FILE names sessions that closed in good standing.'
const tooFew =
  'Too few sessions were learned: where verify rests on the model, nothing says how often ordinary work is held by mistake. --learn takes more files.'

const isEstimate = ({ thresholds }: ThresholdsInForce): boolean => thresholds.basis.verify === 'model'
