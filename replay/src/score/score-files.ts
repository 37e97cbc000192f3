import { loadBundleFile, type Bundle } from '@cordon/policy'
import type { Baselines } from '@cordon/risk'
import { readTraceFile, type TraceOptions, type TraceProblem, type TraceSession } from '@cordon/traces'

import { bundleOf, fixedBundle, inferredBundles } from '../call-bundles.ts'
import { openEngineLogs, type EngineLogOptions } from '../engine-logs.ts'
import { learnBaselines } from '../learn.ts'
import { LearnedSessions } from '../learned-sessions.ts'
import { loadTraces } from '../load-traces.ts'
import { openOutputFile, type OutputFile } from '../output-file.ts'
import { recordingKey } from '../recording-key.ts'
import { reachedStandings, type ReachedStanding } from '../replay-report.ts'
import { thresholdsInForce } from '../thresholds-in-force.ts'
import { drivenScoring } from './driven-scoring.ts'
import type { ScoreReport } from './score-report.ts'
import type { ScoredCall, ScoredSession } from './scored-session.ts'

export interface ScoreOptions {
  /** Sessions that count as closed in good standing: baselines and thresholds follow from these alone. */
  readonly learn: readonly string[]
  readonly test: string
  /** One line a session of `test`, in its order; `-`: to standard output. */
  readonly out: string
  /** A bundle whose catalogue has the tools, one without a server as `recorded/<tool>`; without one, each is treated as its name and arguments suggest. */
  readonly catalogue?: string
  /** Humans declared what they want: `prompt` is read. */
  readonly withIntent?: boolean
  /** Factors on signals that are not the kernel's own: 0 leaves a signal out. */
  readonly weights?: Readonly<Record<string, number>>
  readonly onProblem: (problem: TraceProblem) => void
  /** The next step, for people. */
  readonly onPhase?: (text: string) => void
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
  const repeated: TraceProblem[] = []
  const tested = readTraceFile(options.test, options.onProblem, {
    ...readingOf(options),
    onRepeated: problem => repeated.push(problem),
  })
  try {
    // Up to its first session before minutes of learning: a file without any is a mistake.
    const first = await tested.next()
    const learned = await learnFrom(options)
    options.onPhase?.('scoring')
    return { ...(await scoreEach(first, tested, learned, out)), repeated }
  } finally {
    await tested.return(undefined)
  }
}

const readingOf = ({ withIntent = false }: ScoreOptions): TraceOptions => ({ withRequest: withIntent })

interface Learned {
  readonly lessons: readonly TraceSession[]
  readonly bundle: Bundle
  readonly logs: EngineLogOptions
  readonly baselines: Baselines
}

const learnFrom = async (options: ScoreOptions): Promise<Learned> => {
  const lessons = await loadTraces(options.learn, options.onProblem, {
    ...readingOf(options),
    mayBeEmpty: true,
  })
  if (lessons.length > 0) options.onPhase?.(`learning from ${lessons.length} sessions`)
  const given = options.catalogue === undefined ? undefined : await loadBundleFile(options.catalogue)
  const bundles = given === undefined ? await inferredBundles(lessons) : fixedBundle(given)
  const bundle = { ...(given ?? bundleOf({})), ...(options.weights && { weights: options.weights }) }
  const logs = { bundles, fingerprintKey: recordingKey(lessons) }
  return { lessons, bundle, logs, baselines: await learnBaselines(lessons, logs, bundle.weights) }
}

const scoreEach = async (
  first: IteratorResult<TraceSession>,
  rest: AsyncIterator<TraceSession>,
  { lessons, bundle, logs, baselines }: Learned,
  out: OutputFile,
): Promise<Omit<ScoreReport, 'repeated'>> => {
  const scoring = drivenScoring(bundle, baselines)
  const learned = new LearnedSessions(lessons)
  const standings = { trusted: 0, verify: 0, read_only: 0, suspended: 0 }
  const verdicts = { forward: 0, hold: 0, deny: 0 }
  const agents = new Map<string, number>()
  const roles = new Set<string>()
  let scored = 0
  let calls = 0
  let learnedAndScored = 0
  const engine = await openEngineLogs(logs)
  try {
    for (let next = first; next.done !== true; next = await rest.next()) {
      const trace = next.value
      const session: ScoredSession = {
        sid: trace.id,
        calls: asRecorded(trace, await scoring.score(await engine.logOf(trace))),
      }
      const { agentId, role } = trace
      agents.set(agentId, Object.hasOwn(baselines.agents, agentId) ? baselines.agents[agentId]!.sessions : 0)
      roles.add(role)
      scored += 1
      calls += session.calls.length
      if (learned.has(trace)) learnedAndScored += 1
      standings[gravestOf(session)] += 1
      for (const { verdict } of session.calls) verdicts[verdict] += 1
      await out.write(`${JSON.stringify(session)}\n`)
    }
  } finally {
    await engine.close()
  }
  return {
    learned: lessons.length,
    scored,
    calls,
    learnedAndScored,
    standings,
    verdicts,
    thresholds: thresholdsInForce(bundle, baselines, roles),
    agents: Object.fromEntries(agents),
  }
}

/** Calls of one step are played together, wherever they stand in the recording. */
const asRecorded = ({ calls }: TraceSession, played: readonly ScoredCall[]): readonly ScoredCall[] => {
  const order = [...calls.keys()].sort((a, b) => calls[a]!.startMs - calls[b]!.startMs || a - b)
  return played.map((call, place) => ({ ...call, index: order[place]! })).sort((a, b) => a.index - b.index)
}

const gravestOf = ({ calls }: ScoredSession): ReachedStanding =>
  reachedStandings.findLast(standing => calls.some(call => call.standing === standing)) ?? 'trusted'
