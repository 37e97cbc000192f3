import assert from 'node:assert/strict'
import { test } from 'node:test'

import { percentiles } from '@cordon/foundation'
import type { ThresholdBasis } from '@cordon/risk'

import { LeftOut } from './left-out.ts'
import { reportLines, type ReplayReport } from './replay-report.ts'

const report: ReplayReport = {
  sessions: 1,
  calls: 0,
  events: 2,
  seconds: 1,
  eventsPerSecond: 2,
  standings: { trusted: 1, verify: 0, read_only: 0, suspended: 0 },
  verdicts: { forward: 0, hold: 0, deny: 0 },
  decisions: 0,
  eventToDecisionMs: percentiles([]),
  learnedSessions: 3,
  learnedAndPlayed: 0,
  thresholds: [],
  speed: 10,
  linesLeftOut: 0,
  problems: [],
}

test('nothing measured is no figure: neither NaN nor null, on the screen or as JSON', () => {
  assert.match(reportLines(report).join('\n'), /event → decision {3}no decision followed an event/)
  assert.doesNotMatch(`${reportLines(report).join('\n')}${JSON.stringify(report)}`, /NaN|null|undefined/)
})

test('what makes the figures easy to misread is said below them', () => {
  const notes = (of: Partial<ReplayReport>): string => reportLines({ ...report, ...of }).join('\n')
  assert.doesNotMatch(notes({}), /Nothing was learned|Too few|both learned|full load/)
  assert.match(notes({ learnedSessions: 0 }), /^Nothing was learned.* --learn FILE/m)
  assert.match(notes({ learnedAndPlayed: 2 }), /2 sessions were both learned from and judged/)
  assert.match(notes({ speed: 'max' }), /full load/)
})

test('where verify rests on an estimate, that is said: with sessions from 19 on it does not', () => {
  const inForce = (verify: ThresholdBasis): ReplayReport['thresholds'] => [
    {
      thresholds: {
        verify: 3,
        readOnly: 6,
        suspend: 9,
        basis: { verify, readOnly: 'model', suspend: 'model' },
      },
    },
  ]
  const notes = (of: Partial<ReplayReport>): string => reportLines({ ...report, ...of }).join('\n')
  assert.match(notes({ thresholds: inForce('model') }), /^Too few sessions were learned/m)
  assert.doesNotMatch(notes({ thresholds: inForce('pool') }), /Too few/)
  assert.doesNotMatch(notes({ thresholds: inForce('model'), learnedSessions: 0 }), /Too few/)
})

test('all lines left out are counted, the first are named', () => {
  const leftOut = new LeftOut()
  for (let line = 1; line <= 12; line += 1) leftOut.add({ file: 'f.jsonl', line, reason: 'calls: odd' })
  const lines = reportLines({ ...report, linesLeftOut: leftOut.lines, problems: leftOut.first })
  assert.deepEqual(lines.slice(-12, -9), [
    'lines left out     12',
    '  f.jsonl:1: calls: odd',
    '  f.jsonl:2: calls: odd',
  ])
  assert.equal(lines.at(-1), '  and 2 more')
})

test('says why calls are held in sessions that stand trusted, where any are', () => {
  const after = (hold: number): string =>
    reportLines({ ...report, verdicts: { ...report.verdicts, hold } })
      .join('\n')
      .split(`hold ${hold}, deny 0\n`)[1] ?? ''
  assert.match(after(1), /^ +\(in mode gate .* whatever the standing\)\n/)
  assert.match(after(0), /^decisions/)
})
