import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { loadExtraction } from '@cordon/extraction'
import { CordonError } from '@cordon/foundation'
import { signalNames } from '@cordon/risk'

import type { BenchOptions } from '../bench-options.ts'
import { thisMachine, type BenchReport } from '../report.ts'
import { attacked, attacks } from './attacks.ts'
import { barsOf, reached } from './bars.ts'
import { pointAt, touched, type OperatingPoint } from './curve.ts'
import { detectionPage, type DetectionResults } from './detection-page.ts'
import { firstBeyond, type JudgedSession } from './judged-session.ts'
import { containmentSvg, evidenceSvg, rocSvg } from './plots/detection-charts.ts'
import { allowedShares, protocolResult, scorerResult, type ProtocolResult } from './protocol-result.ts'
import { protocolsOf, type Protocol } from './protocols.ts'
import { readRecordedSessions } from './recorded-sessions.ts'
import { asOneHumans } from './residual-suspicion.ts'
import { cordonScore, scoreByCommand, type ScoreCommand } from './score-command.ts'
import { scoreSimply, simpleScorers } from './simple-scorers.ts'
import { containedByCordon, containedByPerimeter } from './time-to-contain.ts'

const documents = join(import.meta.dirname, '../../../docs')

/** Scores labelled sessions by the command, and writes docs/detection.md with its plots. */
export const runDetectionBench = async ({ traces }: BenchOptions): Promise<BenchReport> => {
  if (traces === undefined)
    throw new CordonError(
      'TRACES_MISSING',
      'detection: expected --traces FILE with labelled sessions (bench/README.md says which), got none',
    )
  await loadExtraction()
  const folder = await mkdtemp(join(tmpdir(), 'cordon-detection-'))
  try {
    const results = await measure(protocolsOf(readRecordedSessions(traces)), cordonScore(folder))
    await writePage(results)
    return reportOf(results)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const measure = async (protocols: readonly Protocol[], command: ScoreCommand): Promise<DetectionResults> => {
  const results: ProtocolResult[] = []
  for (const protocol of protocols) {
    progress(`${protocol.title}: ${protocol.test.length} sessions`)
    const judged = await scoreByCommand(command, protocol.learn, protocol.test)
    const withIntent = await scoreByCommand(command, protocol.learn, protocol.test, { withIntent: true })
    const simple = simpleScorers.map(({ name, learn }) =>
      scorerResult(name, scoreSimply(learn(protocol.learn), protocol.test)),
    )
    results.push(protocolResult(protocol, judged, withIntent, simple))
  }
  const byName = new Map(results.map(result => [result.protocol.name, result]))
  const recurring = byName.get('p2')!
  return {
    bars: barsOf(byName),
    protocols: results,
    ablation: await ablate([byName.get('p1')!, recurring], command),
    attacks: await attack(recurring, command),
    containment: {
      cordon: containedByCordon(recurring.judged),
      perimeter: containedByPerimeter(recurring.judged),
    },
  }
}

const ablate = async (
  results: readonly ProtocolResult[],
  command: ScoreCommand,
): Promise<DetectionResults['ablation']> => {
  const rows: { signal: string; points: readonly OperatingPoint[] }[] = results.map(({ model }) => ({
    signal: '(nothing)',
    points: model.points,
  }))
  for (const signal of signalNames) {
    progress(`without ${signal}`)
    for (const { protocol } of results) {
      const judged = await scoreByCommand(command, protocol.learn, protocol.test, { without: [signal] })
      rows.push({ signal, points: allowedShares.map(allowed => pointAt(judged, allowed)) })
    }
  }
  return rows
}

const attack = async (
  { protocol, model }: ProtocolResult,
  command: ScoreCommand,
): Promise<DetectionResults['attacks']> => {
  const { threshold } = model.points[1]!
  const hijacked = protocol.test.filter(session => session.class === 'hijacked')
  const rows: { name: string; found: number; stopped: number }[] = []
  for (const each of attacks) {
    progress(each.name)
    const { learn, test } = attacked(each, protocol.learn, hijacked)
    const judged = await scoreByCommand(command, learn, test)
    const add = (name: string, sessions: readonly JudgedSession[]): void => {
      const { hijacked: found, stopped } = touched(sessions, session => firstBeyond(session, threshold))
      rows.push({ name, found, stopped: stopped[0] })
    }
    add(each.name, judged)
    if (each.isSplit)
      for (const [gap, gapMs] of gaps)
        add(`splitting, all parts one human’s, ${gap} apart`, asOneHumans(judged, gapMs))
  }
  return rows
}

const hourMs = 3_600_000
/** Between the parts of a split attack. */
const gaps = [
  ['an hour', hourMs],
  ['a week', 7 * 24 * hourMs],
] as const

const progress = (what: string): void => void process.stderr.write(`detection: ${what}\n`)

const writePage = async (results: DetectionResults): Promise<void> => {
  const plots = join(documents, 'detection')
  await mkdir(plots, { recursive: true })
  for (const result of results.protocols) {
    await writeFile(join(plots, `${result.protocol.name}-roc.svg`), rocSvg(result))
    await writeFile(join(plots, `${result.protocol.name}-evidence.svg`), evidenceSvg(result))
  }
  const { cordon, perimeter } = results.containment
  await writeFile(join(plots, 'containment.svg'), containmentSvg(cordon, perimeter))
  await writeFile(join(documents, 'detection.md'), detectionPage(results))
}

const reportOf = ({ bars, protocols }: DetectionResults): BenchReport => ({
  name: 'detection',
  machine: thisMachine(),
  input: Object.fromEntries(protocols.map(({ protocol, judged }) => [protocol.name, judged.length])),
  results: Object.fromEntries(
    protocols.map(({ protocol, model, nominal }) => [
      protocol.name,
      {
        area: model.area,
        found1: model.points[1]!.hijacked,
        found5: model.points[2]!.hijacked,
        stopped1: model.points[1]!.stopped[0],
        stopped5: model.points[2]!.stopped[0],
        resisted1: model.points[1]!.resisted,
        nominalBenign: nominal.touched.benign,
        nominalFound: nominal.touched.hijacked,
      },
    ]),
  ),
  notes: bars.map(
    bar =>
      `${bar.what}: ${(100 * bar.got).toFixed(1)} % (${reached(bar, bar.aim) ? 'aim met' : reached(bar, bar.reach) ? 'reached' : 'missed'})`,
  ),
})
