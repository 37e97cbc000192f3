/** What is known before the first call, and how evidence turns into a score. */
export interface Priors {
  /** Log odds of misuse for a role that is not named. */
  readonly logit: number
  /** By role of the human; a bundle's `roles` fit. */
  readonly roles: Readonly<Record<string, { readonly priorLogit: number }>>
  /** Added to the log odds for each level of sensitivity. */
  readonly sensitivityLogit: number
  /** Log odds per nat of evidence. */
  readonly slope: number
}

export const defaultPriors: Priors = { logit: -4, roles: {}, sensitivityLogit: 0.25, slope: 0.75 }

export const priorLogitOf = (priors: Priors, role: string): number =>
  Object.hasOwn(priors.roles, role) ? priors.roles[role]!.priorLogit : priors.logit

/** 0-100: `100·σ(logit π₀(role, sensitivity) + β·L)`. */
export const scoreOf = (priors: Priors, priorLogit: number, sensitivity: number, evidence: number): number =>
  100 / (1 + Math.exp(-(priorLogit + priors.sensitivityLogit * sensitivity + priors.slope * evidence)))

// A score that wavers around an edge must not become a stream of decisions.
const marginPoints = 3

/** Tens of the score, 0-9; a band is left downwards only when the score is 3 points below its edge. */
export const bandOf = (score: number, held: number): number => {
  const plain = Math.min(9, Math.floor(score / 10))
  return plain < held && score > held * 10 - marginPoints ? held : plain
}
