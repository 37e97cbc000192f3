import { parseArgs } from 'node:util'

/** What was asked for on the command line. */
export interface FuzzRequest {
  readonly targets: readonly string[]
  /** For each target. */
  readonly seconds: number
  readonly seed: number
}

export const fuzzUsage = (targets: readonly string[]): string =>
  `npm run fuzz -- [TARGET ...] [--seconds N] [--seed S]

Gives each target mutated inputs for N seconds (default 60), guided by coverage; the same seed (default 1) makes the same
inputs in the same order. Without a target, all of them. Exit code 1 where something was found, 2 where the command was not
understood.

Targets: ${targets.join(', ')}.`

/**
 * @param known every target
 * @returns what was asked for, or, in words, why it cannot be had; `undefined` where help was asked for
 */
export const parseFuzzRequest = (
  args: readonly string[],
  known: readonly string[],
): FuzzRequest | string | undefined => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: 'string', default: '60' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean' },
      },
    })
    if (values.help === true) return undefined
    const unknown = positionals.find(name => !known.includes(name))
    if (unknown !== undefined) return `expected one of ${known.join(', ')}, got ${unknown}`
    if (!/^\d{1,6}$/.test(values.seconds) || Number(values.seconds) === 0)
      return `expected whole seconds from 1 to 999999 after --seconds, got ${values.seconds}`
    if (!/^\d{1,9}$/.test(values.seed))
      return `expected a whole number from 0 to 999999999 after --seed, got ${values.seed}`
    return {
      targets: positionals.length > 0 ? positionals : known,
      seconds: Number(values.seconds),
      seed: Number(values.seed),
    }
  } catch (error) {
    return firstSentence(error)
  }
}

/** Node goes on to explain how to write a positional argument that begins with a dash. */
const firstSentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /)[0]!
