import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { test, type TestContext } from 'node:test'

import { openWorkplace, type Workplace } from '@cordon/infra'
import { isRunning } from '@cordon/lifecycle'

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
const ready = { isReady: () => Promise.resolve(true), timeoutMs: 10_000 }

test('kill -9 of launcher and guardian at once: the folders are gone with the next run', async t => {
  const { launched, pids } = await launchProcesses(t)
  t.after(() => {
    for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL')
    for (const folder of launched.folders) rmSync(folder, { recursive: true, force: true })
  })
  const guardian = Number(launched.facts['guardian'])
  // Stopped first: else it may see the launcher go, and do its work, before the second signal.
  process.kill(guardian, 'SIGSTOP')
  await launched.kill('SIGKILL')
  const next = await workplaceFor(t)
  for (const folder of launched.folders) assert.ok(existsSync(folder), 'a living guardian removes it itself')
  process.kill(guardian, 'SIGKILL')
  await noneIsLeft([guardian])
  await workplaceFor(t)
  for (const folder of launched.folders) assert.ok(!existsSync(folder), folder)
  assert.ok(existsSync(next.folder), 'a folder in use stays')
})

test('the loss of the guardian is reported as what it is', async t => {
  const { supervisor } = await workplaceFor(t)
  await supervisor.start({ name: 'charge', command: 'sleep', args: ['300'], environment }, ready)
  const starting = supervisor.start(
    { name: 'starting', command: 'sleep', args: ['300'], environment },
    { isReady: () => Promise.resolve(false), timeoutMs: 10_000 },
  )
  const message = /^guardian: exited with SIGKILL, what it guarded was killed, expected it to stay$/
  const refused = assert.rejects(starting, { code: 'GUARDIAN_LOST', message })
  process.kill(supervisor.guardianPid, 'SIGKILL')
  assert.match((await supervisor.failed).message, message)
  await refused
})

test('a guardian that is asked to end is reported as what it is', async t => {
  const { supervisor } = await workplaceFor(t)
  await supervisor.start({ name: 'charge', command: 'sleep', args: ['300'], environment }, ready)
  process.kill(supervisor.guardianPid, 'SIGTERM')
  assert.match((await supervisor.failed).message, /^guardian: was sent SIGTERM and stops what it guards/)
})

test('a process that ends by itself is reported with its last words, one that is stopped is not', async t => {
  const { supervisor } = await workplaceFor(t)
  const start = (name: string, script: string) =>
    supervisor.start({ name, command: 'sh', args: ['-c', script], environment }, ready)
  const stopped = await start('stopped', 'exec sleep 300')
  await stopped.stop()
  await start('faulty', 'sleep 0.3; echo disk full; exit 4')
  const failure = await supervisor.failed
  assert.match(failure.message, /^faulty: exited with code 4, expected it to stay .*\n {2}\| disk full$/)
})

test('what is stopped with others takes no longer than the slowest of them, after what was started later', async t => {
  const { supervisor } = await workplaceFor(t)
  const ended: string[] = []
  const start = async (name: string, stopsWith: string | undefined, seconds: number): Promise<void> => {
    const script = `trap "sleep ${seconds}; exit" TERM; echo ready; while true; do sleep 0.05; done`
    const service = await supervisor.start(
      {
        name,
        command: 'sh',
        args: ['-c', script],
        environment,
        ...(stopsWith === undefined ? {} : { stopsWith }),
      },
      {
        isReady: () => Promise.resolve(readFileSync(`${supervisor.folder}/logs/${name}.log`, 'utf8') !== ''),
        timeoutMs: 10_000,
      },
    )
    void service.exited.then(() => ended.push(name))
  }
  await start('slow', 'group', 1.2)
  await start('ground', undefined, 0)
  await start('quick', 'group', 0.8)
  await start('front', undefined, 0)
  const before = performance.now()
  await supervisor.close()
  assert.ok(performance.now() - before < 1900)
  assert.deepEqual(ended, ['front', 'quick', 'slow', 'ground'])
})

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
