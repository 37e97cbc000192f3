import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { reachedStandings } from '@cordon/replay'
import type { ReachedStanding, ReplayReport, ScoredSession } from '@cordon/replay'

import { cordon, temporaryFolder } from '../support/command.ts'

const read = (result: string, step: number) => ({
  tool: 'read_mail',
  args: { folder: 'inbox' },
  step,
  result,
})
const send = (to: string, step: number) => ({ tool: 'send_mail', args: { to }, step, result: 'sent' })
const probe = (step: number) => ({
  tool: `delete_box_${step}`,
  args: {},
  step,
  result: 'refused',
  error: true,
})

const line = (sid: string, calls: readonly object[]): string =>
  `${JSON.stringify({ sid, suite: 'desk', calls })}\n`

const usual = [read('from ada@desk.example', 0), send('ada@desk.example', 1)]

/** From usual work to a session that does all that a result told it. */
const tested = (session: number): readonly object[] => {
  const told = Array.from({ length: session % 6 }, (_, to) => `eve${to}@evil${session}.example`)
  const sent = told.map((address, position) => send(address, 3 + position))
  const probed = Array.from({ length: 4 * (session % 4) }, (_, call) => probe(20 + call))
  return [...usual, read(told.join(' '), 2), ...sent, ...probed]
}

test('replayed through Kafka and the scorer, the same files reach the standings that they reach when scored', async t => {
  const folder = temporaryFolder(t)
  const [learn, played, out, report] = ['learn.jsonl', 'played.jsonl', 'out.jsonl', 'report.json'].map(name =>
    join(folder, name),
  ) as [string, string, string, string]
  writeFileSync(learn, Array.from({ length: 100 }, (_, n) => line(`taught ${n}`, usual)).join(''))
  writeFileSync(played, Array.from({ length: 24 }, (_, n) => line(`played ${n}`, tested(n))).join(''))

  const scored = await cordon(t, ['score', '--learn', learn, '--test', played, '--out', out])
  assert.equal(scored.code, 0, scored.error)
  const replayed = await cordon(t, ['replay', played, '--learn', learn, '--json', report])
  assert.equal(replayed.code, 0, replayed.error)

  const byScore = tally(
    readFileSync(out, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(text => gravestOf(JSON.parse(text) as ScoredSession)),
  )
  const { standings } = JSON.parse(readFileSync(report, 'utf8')) as ReplayReport
  assert.deepEqual(standings, byScore)
  assert.ok(Object.values(byScore).filter(count => count > 0).length > 1, JSON.stringify(byScore))
})

const gravestOf = ({ calls }: ScoredSession): ReachedStanding =>
  reachedStandings.findLast(standing => calls.some(call => call.standing === standing)) ?? 'trusted'

const tally = (reached: readonly ReachedStanding[]): Record<string, number> =>
  Object.fromEntries(
    reachedStandings.map(standing => [standing, reached.filter(each => each === standing).length]),
  )
