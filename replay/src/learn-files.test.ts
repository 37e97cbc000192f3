import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { parseBaselines, type Baselines } from '@cordon/risk'

import { learnFiles, type LearnReport } from './learn-files.ts'

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

test('calls of tools that the catalogue does not have teach nothing, and the report shows it', async t => {
  const folder = folderOf(t)
  const catalogue = join(folder, 'bundle.json')
  const entry = { readOnly: true, sensitivity: 0, mode: 'enforce' }
  writeFileSync(catalogue, JSON.stringify({ version: 1, catalogue: { 'mail/read': entry }, roles: {} }))
  const { report } = await learn(folder, { dataFolder: join(folder, 'data'), catalogue })
  assert.deepEqual([report.calls, report.agents[0]?.calls], [8, 4])
})

test('a data folder that is none is told', async t => {
  const folder = folderOf(t)
  await assert.rejects(learn(folder, { dataFolder: join(folder, 'work.jsonl') }), {
    code: 'KEY_UNUSABLE',
    message: /expected a key that can be read or made, got a file$/,
  })
})
