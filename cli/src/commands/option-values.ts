import { InvalidArgumentError } from 'commander'

/** Of an option that may be given again. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

/** A whole number from 1. */
export const countUpTo =
  (most: number) =>
  (text: string): number => {
    const count = Number(text)
    if (/^\d+$/.test(text) && count > 0 && count <= most) return count
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`)
  }
