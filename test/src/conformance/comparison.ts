import { isDeepStrictEqual } from 'node:util'

import type { Check, SuiteResults } from './suite-run.ts'

/** How one scenario went directly and by another way. */
export interface ScenarioComparison {
  readonly scenario: string
  readonly direct: readonly Check[]
  readonly other: readonly Check[]
  /** The checks that differ, by id. */
  readonly differing: readonly string[]
  /** Why it has to differ, where it has to. */
  readonly stated: string | undefined
}

/** By scenario, why it cannot go the same way. */
export type StatedDifferences = Readonly<Record<string, string>>

/** Those that differ, and are not stated to. */
export const unexplained = (comparisons: readonly ScenarioComparison[]): readonly string[] =>
  comparisons
    .filter(({ differing, stated }) => differing.length > 0 && stated === undefined)
    .map(({ scenario }) => scenario)

/** Check by check, with all that a check saw. */
export const compareResults = (
  direct: SuiteResults,
  other: SuiteResults,
  statedDifferences: StatedDifferences,
): readonly ScenarioComparison[] =>
  [...new Set([...direct.keys(), ...other.keys()])].sort().map(scenario => {
    const before = direct.get(scenario) ?? []
    const after = other.get(scenario) ?? []
    const differing = differingChecks(before, after)
    return { scenario, direct: before, other: after, differing, stated: statedDifferences[scenario] }
  })

const differingChecks = (before: readonly Check[], after: readonly Check[]): readonly string[] => {
  const longer = before.length >= after.length ? before : after
  const differing = longer.filter((_, index) => !isDeepStrictEqual(said(before[index]), said(after[index])))
  return [...new Set(differing.map(({ id }) => id))]
}

/** What a check says, without what no two runs have in common. */
const said = (check: Check | undefined): unknown => {
  if (check === undefined) return undefined
  const { id, description, status, errorMessage, details } = check
  return JSON.parse(
    JSON.stringify({ id, description, status, errorMessage, details }, (key, value: unknown) => {
      if (ownWords.has(key)) return undefined
      if (ownIds.has(key) && value !== undefined) return 'an id'
      return isRefusal(value) ? { code: value.code, data: { ...value.data, ...noWords } } : value
    })
      .replaceAll(/[0-9a-f-]{36}(_\d+_[a-z0-9]+)?/g, 'an id')
      .replaceAll(/(http:\/\/)?127\.0\.0\.1:\d+[\w/]*/g, 'the server'),
  )
}

/** Every HTTP server has headers of its own, and its own words for a refusal. */
const ownWords: ReadonlySet<string> = new Set(['headers', 'body'])

/** What a server makes anew each time: signed with the time, or told from others'. */
const ownIds: ReadonlySet<string> = new Set([
  'requestState',
  'subscriptionId',
  'io.modelcontextprotocol/subscriptionId',
])

/** Errors that whoever is asked first answers with, in words of its own: headers, envelope, version, method. */
const refusals: ReadonlySet<unknown> = new Set([-32020, -32022, -32601, -32602])

/** Members that say in other words what the code does. */
const noWords = { mismatch: undefined, envelope: undefined }

const isRefusal = (value: unknown): value is { readonly code: number; readonly data?: object } =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  'message' in value &&
  refusals.has(value.code)
