import { isDeclared } from '../metric-page/is-declared.ts'
import type { Claim } from './claim.ts'
import type { TestFile } from './read-claims.ts'

/**
 * What is wrong with the claims of all files: counters that nobody counts or asserts, claims made twice.
 * @param declared names of metrics, as a scrape has them
 */
export const claimProblems = (files: readonly TestFile[], declared: ReadonlySet<string>): string[] => {
  const claims = files.flatMap(file => file.claims)
  const firsts = new Map(claims.toReversed().map(claim => [keyOf(claim), claim]))
  return [
    ...files.flatMap(file => file.problems),
    ...claims.flatMap(claim => counterProblem(claim, declared).map(got => `${placeOf(claim)}: ${got}`)),
    ...claims.flatMap(claim => {
      const first = firsts.get(keyOf(claim))!
      if (first === claim) return []
      return [
        `${placeOf(claim)}: expected one test per row, got “${claim.what}” in ${placeOf(first)} already`,
      ]
    }),
  ]
}

const counterProblem = ({ counter, proof }: Claim, declared: ReadonlySet<string>): string[] => {
  if (/^none: \S/.test(counter)) return []
  const metric = /^(cordon_[a-z0-9_]+)(?:\{.*\})?$/.exec(counter)?.[1]
  if (metric === undefined)
    return [`expected one series such as cordon_engine_calls_refused_total, got ${counter}`]
  if (!isDeclared(metric, declared)) return [`expected a metric of a service, got ${metric}`]
  if (!proof.includes(metric)) return [`expected this test to assert ${metric}, got no mention of it`]
  return []
}

const keyOf = ({ kind, what }: Claim): string => `${kind} ${what.toLowerCase()}`

const placeOf = ({ path, line }: Claim): string => `${path}:${line}`
