import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { parseBaselines, type Baselines } from '@cordon/risk'

import { learnFiles, type LearnReport } from './learn-files.ts'
import { unknownToolLines } from './unknown-tools.ts'

const session = (sid: number): string =>
  JSON.stringify({
    sid: `${sid}`,
    suite: 'desk',
    calls: [
      { tool: 'mail/read', args: { from: 'ada@desk.example' } },
      { tool: 'mail/send', args: { to: 'ada@desk.example' } },
    ],
  })

const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'learn-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'work.jsonl'), Array.from({ length: 4 }, (_, sid) => session(sid)).join('\n'))
  return folder
}

const learn = async (
  folder: string,
  options: { readonly dataFolder: string; readonly catalogue?: string },
): Promise<{ report: LearnReport; baselines: Baselines }> => {
  const out = join(folder, 'baselines.json')
  const report = await learnFiles({
    files: [join(folder, 'work.jsonl')],
    out,
    onProblem: problem => assert.fail(problem.reason),
    ...options,
  })
  return { report, baselines: parseBaselines(readFileSync(out, 'utf8')) }
}

test('what is learned is known by the key of the data folder, and of no other', async t => {
  const folder = folderOf(t)
  const [first, again, other] = [
    await learn(folder, { dataFolder: join(folder, 'data') }),
    await learn(folder, { dataFolder: join(folder, 'data') }),
    await learn(folder, { dataFolder: join(folder, 'other') }),
  ]
  const { thresholds, ...learned } = first.report
  assert.deepEqual(learned, {
    sessions: 4,
    calls: 8,
    agents: [{ agentId: 'desk', sessions: 4, calls: 8 }],
    unknownTools: new Map(),
  })
  assert.deepEqual(
    thresholds.map(({ role, work }) => `${role} ${work}`),
    ['desk recurring', 'desk new'],
  )
  const entitiesOf = ({ baselines }: typeof first): readonly number[] => baselines.agents['desk']!.entities
  // The address, and the host in it.
  assert.equal(entitiesOf(first).length, 2)
  assert.deepEqual(entitiesOf(again), entitiesOf(first))
  assert.notDeepEqual(entitiesOf(other), entitiesOf(first))
})

const catalogueOf = (folder: string, tool: string): string => {
  const catalogue = join(folder, 'bundle.json')
  const entry = { readOnly: true, sensitivity: 0, mode: 'enforce' }
  writeFileSync(catalogue, JSON.stringify({ version: 1, catalogue: { [tool]: entry }, roles: {} }))
  return catalogue
}

test('calls of tools that the catalogue does not have teach nothing, and the report names them', async t => {
  const folder = folderOf(t)
  const { report } = await learn(folder, {
    dataFolder: join(folder, 'data'),
    catalogue: catalogueOf(folder, 'mail/read'),
  })
  assert.deepEqual([report.calls, report.agents[0]?.calls], [8, 4])
  assert.deepEqual([...report.unknownTools], [['mail/send', 4]])
  assert.deepEqual(unknownToolLines(report.unknownTools), [
    'calls left out     4, of tools that the catalogue does not have: mail/send',
  ])
  const all = await learn(folder, {
    dataFolder: join(folder, 'data'),
    catalogue: catalogueOf(folder, 'mail/*'),
  })
  assert.deepEqual(unknownToolLines(all.report.unknownTools), [])
})

test('recordings of which no call counts make no thresholds: they would rest on nothing', async t => {
  const folder = folderOf(t)
  const catalogue = catalogueOf(folder, 'files/read')
  await assert.rejects(learn(folder, { dataFolder: join(folder, 'data'), catalogue }), {
    code: 'NOTHING_LEARNED',
    message:
      'recordings: expected calls that count, got none among 8; the catalogue does not have mail/read, mail/send',
  })
  assert.equal(existsSync(join(folder, 'baselines.json')), false)
})

test('of many tools that the catalogue does not have the first are named, and the rest is counted', () => {
  const unknown = new Map(Array.from({ length: 7 }, (_, position) => [`a/${position}`, 2] as const))
  assert.deepEqual(unknownToolLines(unknown), [
    'calls left out     14, of tools that the catalogue does not have: a/0, a/1, a/2, a/3, a/4 and 2 more',
  ])
})

test('a data folder that is none is told', async t => {
  const folder = folderOf(t)
  await assert.rejects(learn(folder, { dataFolder: join(folder, 'work.jsonl') }), {
    code: 'KEY_UNUSABLE',
    message: /expected a key that can be read or made, got a file$/,
  })
})
