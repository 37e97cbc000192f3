import type { Claim } from './claim.ts'
import type { TestFile } from './read-claims.ts'

/** Says whether a service or package declares this series, named as a scrape names it. */
export type IsDeclared = (metric: string) => boolean

/** What is wrong with the claims of all files: counters that nobody counts or asserts, claims made twice. */
export const claimProblems = (files: readonly TestFile[], isDeclared: IsDeclared): string[] => {
  const claims = files.flatMap(file => file.claims)
  const firsts = new Map(claims.toReversed().map(claim => [keyOf(claim), claim]))
  return [
    ...files.flatMap(file => file.problems),
    ...claims.flatMap(claim => counterProblem(claim, isDeclared).map(got => `${placeOf(claim)}: ${got}`)),
    ...claims.flatMap(claim => {
      const first = firsts.get(keyOf(claim))!
      if (first === claim) return []
      return [
        `${placeOf(claim)}: expected one test per row, got “${claim.what}” in ${placeOf(first)} already`,
      ]
    }),
  ]
}

const counterProblem = ({ counter, proof }: Claim, isDeclared: IsDeclared): string[] => {
  if (/^none: \S/.test(counter)) return []
  const metric = /^(cordon_[a-z0-9_]+)(?:\{.*\})?$/.exec(counter)?.[1]
  if (metric === undefined)
    return [`expected one series such as cordon_engine_calls_refused_total, got ${counter}`]
  if (!isDeclared(metric)) return [`expected a metric of a service, got ${metric}`]
  if (!proof.includes(metric)) return [`expected this test to assert ${metric}, got no mention of it`]
  return []
}

const keyOf = ({ kind, what }: Claim): string => `${kind} ${what.toLowerCase()}`

const placeOf = ({ path, line }: Claim): string => `${path}:${line}`
