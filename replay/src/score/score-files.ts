import { createSecretKey, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'

import { loadBundleFile } from '@cordon/policy'
import { readTraceFile, type TraceProblem } from '@cordon/traces'

import { bundleOf, fixedBundle, inferredBundles } from '../call-bundles.ts'
import { openEngineLogs } from '../engine-logs.ts'
import { learnBaselines } from '../learn.ts'
import { loadTraces } from '../load-traces.ts'
import { drivenScoring } from './driven-scoring.ts'
import type { ScoredSession } from './scored-session.ts'

export interface ScoreOptions {
  /** Sessions that count as closed in good standing: baselines and thresholds follow from these alone. */
  readonly learn: readonly string[]
  readonly test: string
  /** One line a session of `test`, in its order. */
  readonly out: string
  /** A bundle whose catalogue names the tools `recorded/<tool>`; without one, each is treated as its name and arguments suggest. */
  readonly catalogue?: string
  /** Humans declared what they want: `prompt` is read. */
  readonly withIntent?: boolean
  /** Factors on signals that are not the kernel's own: 0 leaves a signal out. */
  readonly weights?: Readonly<Record<string, number>>
  readonly onProblem: (problem: TraceProblem) => void
}

export interface ScoreReport {
  readonly learned: number
  readonly scored: number
  readonly calls: number
}

/**
 * Scores recorded sessions one call at a time, each knowing nothing of what comes later nor of the other sessions.
 * @throws CordonError where a file cannot be read or is no recording, or the bundle is none
 */
export const scoreFiles = async (options: ScoreOptions): Promise<ScoreReport> => {
  const reading = { withRequest: options.withIntent === true }
  const lessons = await loadTraces(options.learn, options.onProblem, reading)
  const given = options.catalogue === undefined ? undefined : await loadBundleFile(options.catalogue)
  const bundles = given === undefined ? inferredBundles(lessons) : fixedBundle(given)
  const bundle = { ...(given ?? bundleOf({})), ...(options.weights && { weights: options.weights }) }
  const logs = { bundles, fingerprintKey: createSecretKey(randomBytes(32)) }
  const baselines = await learnBaselines(lessons, logs, bundle.weights)
  const scoring = drivenScoring(bundle, baselines)
  const engine = await openEngineLogs(logs)
  const out = createWriteStream(options.out)
  let scored = 0
  let calls = 0
  try {
    for await (const trace of readTraceFile(options.test, options.onProblem, reading)) {
      const session: ScoredSession = {
        sid: trace.id,
        calls: await scoring.score(await engine.logOf(trace)),
      }
      scored += 1
      calls += session.calls.length
      if (!out.write(`${JSON.stringify(session)}\n`)) await once(out, 'drain')
    }
  } finally {
    out.end()
    await engine.close()
  }
  await finished(out)
  return { learned: lessons.length, scored, calls }
}
