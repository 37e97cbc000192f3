import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'

import { isRunning, openWorkplace, type Workplace } from '@cordon/infra'

import { eventually } from '../support/eventually.ts'
import { launch, type Launched } from './launched.ts'

const launchProcesses = async (
  t: TestContext,
): Promise<{ readonly launched: Launched; readonly pids: readonly number[] }> => {
  const launched = await launch(t, 'processes-launcher.ts')
  const { childFile } = launched.facts
  await eventually(
    'the grandchild runs',
    () => existsSync(childFile!) && readFileSync(childFile!, 'utf8') !== '',
  )
  const pids = [...launched.pids, Number(readFileSync(childFile!, 'utf8'))]
  for (const pid of pids) assert.ok(isRunning(pid), `${pid} runs before`)
  return { launched, pids }
}

const noneIsLeft = async (pids: readonly number[]): Promise<void> =>
  eventually(`none of ${pids.join(', ')} is left`, () => !pids.some(isRunning))

test('kill -9 of the launcher leaves no process and no folder', async t => {
  const { launched, pids } = await launchProcesses(t)
  await launched.kill('SIGKILL')
  await noneIsLeft(pids)
  for (const folder of launched.folders) assert.ok(!existsSync(folder), folder)
})

test('a launcher that is asked to end leaves no process and no folder', async t => {
  const { launched, pids } = await launchProcesses(t)
  await launched.kill('SIGTERM')
  assert.ok(!pids.some(isRunning))
  for (const folder of launched.folders) assert.ok(!existsSync(folder), folder)
})

test('kill -9 of the guardian takes along what it guards', async t => {
  const { launched, pids } = await launchProcesses(t)
  process.kill(Number(launched.facts['guardian']), 'SIGKILL')
  await noneIsLeft(pids)
  await eventually('the folder is gone', () => !launched.folders.some(folder => existsSync(folder)))
})

const workplaceFor = async (t: TestContext): Promise<Workplace> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(() => workplace.close())
  return workplace
}
const environment = { PATH: process.env['PATH'] ?? '' }

test('a process that exits before it is ready is reported with its last words', async t => {
  const { supervisor } = await workplaceFor(t)
  await assert.rejects(
    supervisor.start(
      { name: 'hasty', command: 'sh', args: ['-c', 'echo no such topic; exit 3'], environment },
      { isReady: () => Promise.resolve(false), timeoutMs: 10_000 },
    ),
    {
      code: 'PROCESS_EXITED',
      message: /^hasty: exited with code 3, before it was ready .*\n {2}\| no such topic$/,
    },
  )
})

test('a process that is not ready in time is stopped', async t => {
  const { supervisor } = await workplaceFor(t)
  let pid = 0
  await assert.rejects(
    supervisor.start(
      { name: 'slow', command: 'sh', args: ['-c', 'echo $$ waits; exec sleep 300'], environment },
      { isReady: () => Promise.resolve(false), timeoutMs: 500 },
    ),
    (error: Error) => {
      pid = Number(/\| (\d+) waits/.exec(error.message)?.[1])
      return 'code' in error && error.code === 'PROCESS_NOT_READY'
    },
  )
  assert.ok(pid > 0 && !isRunning(pid))
})

test('a command that does not exist is named', async t => {
  const { supervisor } = await workplaceFor(t)
  await assert.rejects(supervisor.run({ name: 'ghost', command: 'no-such-command', args: [], environment }), {
    code: 'PROCESS_NOT_STARTED',
    message: 'ghost: no-such-command cannot be started',
  })
})

test('a started process sees its own environment only', async t => {
  const { supervisor, folder } = await workplaceFor(t)
  process.env['CORDON_UNKNOWN'] = '1'
  t.after(() => delete process.env['CORDON_UNKNOWN'])
  await supervisor.run({ name: 'env', command: 'env', args: [], environment: { ...environment, OWN: 'yes' } })
  const seen = readFileSync(`${folder}/logs/env.log`, 'utf8')
  assert.match(seen, /^OWN=yes$/m)
  assert.doesNotMatch(seen, /CORDON_UNKNOWN/)
})

test('processes stop in reverse order of starting', async t => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(() => workplace.close())
  const ended: string[] = []
  for (const name of ['first', 'second', 'third']) {
    const service = await workplace.supervisor.start({ name, command: 'sleep', args: ['300'], environment })
    void service.exited.then(() => ended.push(name))
  }
  await workplace.close()
  assert.deepEqual(ended, ['third', 'second', 'first'])
})
