import { seededRandom } from '@cordon/foundation'

import { startCoverage } from './coverage.ts'
import { mutate } from './mutate.ts'
import type { FuzzTarget } from './target.ts'

export interface FuzzRun {
  readonly inputs: number
  /** Inputs beside the seeds that reached what none before had. */
  readonly kept: number
  readonly finding: Finding | undefined
}

export interface Finding {
  /** As small as it could be made. */
  readonly input: Buffer
  readonly error: unknown
}

/** Much more than an input of 4 KiB needs on a busy machine. */
const slowMs = 2_000

/**
 * Runs mutations of the inputs that reached something new, until one is a finding or the time is over. The same seed makes
 * the same inputs in the same order.
 * @param atLeast inputs, however long they take: a busy machine tests as much as another
 */
export const fuzz = (target: FuzzTarget, seconds: number, seed: number, atLeast = 0): FuzzRun => {
  const random = seededRandom(seed)
  const coverage = startCoverage()
  const corpus: Buffer[] = [...target.seeds]
  const endsAt = performance.now() + seconds * 1000
  let inputs = 0
  let kept = 0

  const finding = (input: Buffer, isSeed = false): Finding | undefined => {
    inputs += 1
    const error = failureOf(target, input)
    if (error !== undefined) return { input: minimised(target, input), error }
    if (coverage.takeNew() > 0 && !isSeed) {
      kept += 1
      corpus.push(input)
    }
    return undefined
  }

  try {
    for (const input of target.seeds) {
      const found = finding(input, true)
      if (found !== undefined) return { inputs, kept, finding: found }
    }
    while (performance.now() < endsAt || inputs < atLeast) {
      const found = finding(mutate(corpus, random))
      if (found !== undefined) return { inputs, kept, finding: found }
    }
    return { inputs, kept, finding: undefined }
  } finally {
    coverage.stop()
  }
}

/** What is wrong, or nothing. */
const failureOf = (target: FuzzTarget, input: Buffer): unknown => {
  const startedAt = performance.now()
  try {
    // A reader may keep or change what it is given.
    target.run(Buffer.from(input))
  } catch (error) {
    return error ?? new Error('expected an error, got none')
  }
  const took = performance.now() - startedAt
  return took > slowMs ? new Error(`expected at most ${slowMs} ms, got ${Math.round(took)} ms`) : undefined
}

/** Leaves out what it can, half of it first. */
const minimised = (target: FuzzTarget, found: Buffer): Buffer => {
  let input = found
  for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < input.length;) {
      const shorter = Buffer.concat([input.subarray(0, at), input.subarray(at + size)])
      if (failureOf(target, shorter) === undefined) at += size
      else input = shorter
    }
  }
  return input
}
