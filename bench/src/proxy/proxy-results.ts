import { percentiles } from '@cordon/foundation'

import type { Figure } from '../report.ts'
import type { ProcessorTime } from './processor-meter.ts'

/** What one round found of one way to the tool. */
export interface WayRound {
  /** Milliseconds. */
  readonly latency: readonly number[]
  readonly callsPerSecond: number
  /** Mean time that the proxy waited for its engine, where there is one. */
  readonly askedMs?: number
  /** Of each process per call: one connection, and all of them. */
  readonly alone: ProcessorTime
  readonly together: ProcessorTime
}

type Group = Readonly<Record<string, Figure>>

/** @param ways by name, with the rounds of each in one order; `direct` and `bare` among them */
export const proxyResults = (
  ways: ReadonlyMap<string, readonly WayRound[]>,
): Readonly<Record<string, Group>> => {
  const direct = spread(ways.get('direct')!)
  const bare = ways.get('bare')!
  return Object.fromEntries(
    [...ways].map(([name, rounds]) => {
      const { p50, p99, count } = spread(rounds)
      const asked = rounds.flatMap(({ askedMs }) => (askedMs === undefined ? [] : [askedMs]))
      const shares = rounds.map(({ callsPerSecond }, round) => callsPerSecond / bare[round]!.callsPerSecond)
      return [
        name,
        {
          p50,
          p99,
          count,
          ...(name !== 'direct' && {
            addedP50: hundredths(p50 - direct.p50),
            addedP99: hundredths(p99 - direct.p99),
          }),
          ...(asked.length > 0 && { askedEngineMean: hundredths(median(asked)) }),
          callsPerSecond: Math.round(median(rounds.map(({ callsPerSecond }) => callsPerSecond))),
          ofBare: hundredths(median(shares)),
          ofBareLowest: hundredths(Math.min(...shares)),
          ofBareHighest: hundredths(Math.max(...shares)),
        },
      ]
    }),
  )
}

const spread = (rounds: readonly WayRound[]) => {
  const { p50 = Number.NaN, p99 = Number.NaN, count } = percentiles(rounds.flatMap(({ latency }) => latency))
  return { p50, p99, count }
}

/**
 * Processor time of each process per call: `alone` where one call comes after the other on one connection, `together` where all
 * connections call at once.
 */
export const processorResults = (
  ways: ReadonlyMap<string, readonly WayRound[]>,
): Readonly<Record<string, Group>> =>
  Object.fromEntries(
    [...ways].flatMap(([name, rounds]) =>
      (['alone', 'together'] as const).map(phase => [
        `${name} ${phase}`,
        mediansOf(rounds.map(round => round[phase])),
      ]),
    ),
  )

const mediansOf = (times: readonly ProcessorTime[]): Group =>
  Object.fromEntries(
    Object.keys(times[0] ?? {}).map(process => [
      process,
      hundredths(median(times.map(time => time[process] ?? Number.NaN))),
    ]),
  )

/** The lower of the two in the middle, where there are two. */
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!

const hundredths = (value: number): number => Math.round(value * 100) / 100
