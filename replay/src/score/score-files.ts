import { loadBundleFile } from '@cordon/policy'
import { readTraceFile, type TraceProblem, type TraceSession } from '@cordon/traces'

import { bundleOf, fixedBundle, inferredBundles } from '../call-bundles.ts'
import { openEngineLogs } from '../engine-logs.ts'
import { learnBaselines } from '../learn.ts'
import { loadTraces } from '../load-traces.ts'
import { openOutputFile, type OutputFile } from '../output-file.ts'
import { recordingKey } from '../recording-key.ts'
import { reachedStandings, type ReachedStanding } from '../replay-report.ts'
import { drivenScoring } from './driven-scoring.ts'
import type { ScoredCall, ScoredSession } from './scored-session.ts'
import { setThresholds, type SetThresholds } from './set-thresholds.ts'

export interface ScoreOptions {
  /** Sessions that count as closed in good standing: baselines and thresholds follow from these alone. */
  readonly learn: readonly string[]
  readonly test: string
  /** One line a session of `test`, in its order; `-`: to standard output. */
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
  /** Sessions by the gravest standing that they reached. */
  readonly standings: Readonly<Record<ReachedStanding, number>>
  readonly thresholds: readonly SetThresholds[]
  /** Of the scored sessions, with how many sessions had taught each. */
  readonly agents: Readonly<Record<string, number>>
}

/**
 * Scores recorded sessions one call at a time, each knowing nothing of what comes later nor of the other sessions.
 * @throws CordonError where a file cannot be read or is no recording, the bundle is none, or `out` cannot be written: then
 *   what had its name before still has it
 */
export const scoreFiles = async (options: ScoreOptions): Promise<ScoreReport> => {
  const { learn, test, catalogue } = options
  const inputs = [...learn, test, ...(catalogue === undefined ? [] : [catalogue])]
  const out = await openOutputFile('--out', options.out, inputs)
  try {
    const report = await scoreInto(out, options)
    await out.keep()
    return report
  } finally {
    await out.discard()
  }
}

const scoreInto = async (out: OutputFile, options: ScoreOptions): Promise<ScoreReport> => {
  const reading = { withRequest: options.withIntent === true, mayBeEmpty: true }
  const lessons = await loadTraces(options.learn, options.onProblem, reading)
  const given = options.catalogue === undefined ? undefined : await loadBundleFile(options.catalogue)
  const bundles = given === undefined ? await inferredBundles(lessons) : fixedBundle(given)
  const bundle = { ...(given ?? bundleOf({})), ...(options.weights && { weights: options.weights }) }
  const logs = { bundles, fingerprintKey: recordingKey(lessons) }
  const baselines = await learnBaselines(lessons, logs, bundle.weights)
  const scoring = drivenScoring(bundle, baselines)
  const engine = await openEngineLogs(logs)
  const standings = { trusted: 0, verify: 0, read_only: 0, suspended: 0 }
  const agents: Record<string, number> = {}
  let scored = 0
  let calls = 0
  try {
    for await (const trace of readTraceFile(options.test, options.onProblem, reading)) {
      const session: ScoredSession = {
        sid: trace.id,
        calls: asRecorded(trace, await scoring.score(await engine.logOf(trace))),
      }
      const { agentId } = trace
      agents[agentId] = Object.hasOwn(baselines.agents, agentId) ? baselines.agents[agentId]!.sessions : 0
      scored += 1
      calls += session.calls.length
      standings[gravestOf(session)] += 1
      await out.write(`${JSON.stringify(session)}\n`)
    }
  } finally {
    await engine.close()
  }
  const thresholds = setThresholds(bundle, baselines)
  return { learned: lessons.length, scored, calls, standings, thresholds, agents }
}

/** Calls of one step are played together, wherever they stand in the recording. */
const asRecorded = ({ calls }: TraceSession, played: readonly ScoredCall[]): readonly ScoredCall[] => {
  const order = [...calls.keys()].sort((a, b) => calls[a]!.startMs - calls[b]!.startMs || a - b)
  return played.map((call, place) => ({ ...call, index: order[place]! })).sort((a, b) => a.index - b.index)
}

const gravestOf = ({ calls }: ScoredSession): ReachedStanding =>
  reachedStandings.findLast(standing => calls.some(call => call.standing === standing)) ?? 'trusted'
