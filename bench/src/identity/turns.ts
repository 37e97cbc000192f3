import type { Figure } from '../report.ts'

/** Two things that are compared, done in turns. */
export interface Turns {
  readonly rounds: number
  readonly warmUpRounds: number
  /** How often each is done in a turn. */
  readonly callsInRound: number
}

/** The same for what has to be waited for. */
export const compareAwaited = async (
  turns: Turns,
  bare: () => void,
  ours: (round: number) => Promise<void>,
): Promise<Record<string, Figure>> => {
  const rounds: Round[] = []
  for (let round = -turns.warmUpRounds; round < turns.rounds; round += 1) {
    const bareMicroseconds = microsecondsOf(bare)
    const start = process.hrtime.bigint()
    await ours(round)
    const measured = { bare: bareMicroseconds, ours: Number(process.hrtime.bigint() - start) / 1000 }
    if (round >= 0) rounds.push(measured)
  }
  return figuresOf(turns, rounds)
}

/** @param bare the floor @param ours what is measured against it @returns microseconds on the wall, and ratios of turns side by side */
export const compareInTurns = (turns: Turns, bare: () => void, ours: () => void): Record<string, Figure> => {
  const rounds: Round[] = []
  for (let round = -turns.warmUpRounds; round < turns.rounds; round += 1) {
    const measured = { bare: microsecondsOf(bare), ours: microsecondsOf(ours) }
    if (round >= 0) rounds.push(measured)
  }
  return figuresOf(turns, rounds)
}

interface Round {
  readonly bare: number
  readonly ours: number
}

const figuresOf = (turns: Turns, rounds: readonly Round[]): Record<string, Figure> => {
  const bareTimes = rounds.map(round => round.bare)
  const ourTimes = rounds.map(round => round.ours)
  const perCall = (times: readonly number[]): number => rounded(quantile(times, 0.5) / turns.callsInRound, 1)
  const ratios = rounds.map(round => round.ours / round.bare)
  return {
    bareMicroseconds: perCall(bareTimes),
    oursMicroseconds: perCall(ourTimes),
    ratio: rounded(quantile(ratios, 0.5), 3),
    // Of the turns that nothing disturbed.
    ratioOfLowerDeciles: rounded(quantile(ourTimes, 0.1) / quantile(bareTimes, 0.1), 3),
    ratioLowerQuartile: rounded(quantile(ratios, 0.25), 3),
    ratioUpperQuartile: rounded(quantile(ratios, 0.75), 3),
  }
}

const microsecondsOf = (work: () => void): number => {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1000
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))
