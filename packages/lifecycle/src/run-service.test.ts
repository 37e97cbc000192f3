import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { CordonError } from '@cordon/foundation'

import type { ProcessHost } from './process-host.ts'
import type { RunningService } from './run-service.ts'
import { runService } from './run-service.ts'

interface Rig {
  signal(): void
  endStdin(): void
  crash(error: unknown): void
  elapse(): void
  readonly lines: string[]
  readonly exits: number[]
  /** From the first line of the start on. */
  readonly startsCertain: boolean
}

/** Runs a service in a process that is not one. */
const rig = (start: (stopping: AbortSignal) => Promise<RunningService>, exitWithStdin = false): Rig => {
  const lines: string[] = []
  const exits: number[] = []
  let signal = (): void => {}
  let stdin = (): void => {}
  let crash: (error: unknown) => void = () => {}
  const timers: (() => void)[] = []
  let isExitCertain = false
  const host: ProcessHost = {
    makeExitCertain: () => void (isExitCertain = true),
    onSignal: listener => void (signal = () => listener('SIGTERM')),
    onStdinEnd: listener => void (stdin = listener),
    onUncaught: listener => void (crash = listener),
    writeLine: line => void lines.push(line),
    after: (_, listener) => void timers.push(listener),
    exit: code => void exits.push(code),
  }
  let startsCertain = false
  const startNoting = (stopping: AbortSignal): Promise<RunningService> => {
    startsCertain = isExitCertain
    return start(stopping)
  }
  runService({ name: 'engine', start: startNoting, exitWithStdin, drainTimeoutMs: 1 }, host)
  return {
    signal: () => signal(),
    endStdin: () => stdin(),
    crash: error => crash(error),
    elapse: () => timers.forEach(listener => listener()),
    lines,
    exits,
    startsCertain,
  }
}

const drained = (): Promise<void> => Promise.resolve()
const never = (): Promise<never> => Promise.withResolvers<never>().promise

test('drains on a signal and exits with 0', async () => {
  const service = rig(async () => ({ drain: drained }))
  await turn()
  service.signal()
  await turn()
  assert.deepEqual(service.exits, [0])
  assert.deepEqual(service.lines, ['engine: stopping', 'engine: stopped'])
})

test('a service that starts is one whose process will be gone when it exits', () => {
  assert.equal(rig(never).startsCertain, true)
})

test('drains when standard input ends, if told so', async () => {
  const service = rig(async () => ({ drain: drained }), true)
  await turn()
  service.endStdin()
  await turn()
  assert.deepEqual(service.exits, [0])
})

test('leaves standard input alone otherwise', async () => {
  const service = rig(async () => ({ drain: drained }))
  await turn()
  service.endStdin()
  await turn()
  assert.deepEqual(service.exits, [])
})

test('a failed start is one line and exit code 1', async () => {
  const service = rig(() =>
    Promise.reject(
      new CordonError('PORT_TAKEN', 'port: expected 8080 free, got it taken', {
        cause: new CordonError('EADDRINUSE', 'in use'),
      }),
    ),
  )
  await turn()
  assert.deepEqual(service.exits, [1])
  assert.deepEqual(service.lines, [
    'engine: could not start: port: expected 8080 free, got it taken (PORT_TAKEN): in use (EADDRINUSE)',
  ])
})

test('a program that could not be started is named to nobody by an error that nobody caught', async () => {
  const service = rig(() => never())
  service.crash(
    Object.assign(new Error('spawn /nowhere/secret EMFILE'), {
      code: 'EMFILE',
      syscall: 'spawn /nowhere/secret',
    }),
  )
  await turn()
  assert.deepEqual(service.lines, ['engine: uncaught error: spawn: EMFILE'])
})

test('a stop during the start aborts it; what has started after all is drained', async () => {
  const gate = Promise.withResolvers<RunningService>()
  let aborted = false
  let drains = 0
  const service = rig(stopping => {
    stopping.addEventListener('abort', () => void (aborted = true))
    return gate.promise
  })
  service.signal()
  assert.equal(aborted, true)
  assert.deepEqual(service.exits, [])
  gate.resolve({ drain: async () => void (drains += 1) })
  await turn()
  assert.equal(drains, 1)
  assert.deepEqual(service.exits, [0])
})

test('a start that gives up because it is asked to stop is no failure', async () => {
  const gate = Promise.withResolvers<RunningService>()
  const service = rig(() => gate.promise)
  service.signal()
  gate.reject(new Error('aborted'))
  await turn()
  assert.deepEqual(service.exits, [0])
  assert.deepEqual(service.lines, ['engine: stopping'])
})

test('a start that does not end is given up after the drain time-out', async () => {
  const service = rig(never)
  service.signal()
  service.elapse()
  assert.deepEqual(service.exits, [1])
})

test('a second signal ends a drain', async () => {
  const service = rig(async () => ({ drain: never }))
  await turn()
  service.signal()
  service.signal()
  assert.deepEqual(service.exits, [1])
})

test('a drain that takes too long, or fails, is exit code 1', async () => {
  const slow = rig(async () => ({ drain: never }))
  await turn()
  slow.signal()
  slow.elapse()
  assert.deepEqual(slow.exits, [1])

  const broken = rig(async () => ({
    drain: () => Promise.reject(new CordonError('SPOOL_FULL', 'spool: full')),
  }))
  await turn()
  broken.signal()
  await turn()
  assert.deepEqual(broken.exits, [1])
  assert.equal(broken.lines.at(-1), 'engine: could not drain: spool: full (SPOOL_FULL)')
})

test('an uncaught error goes to the log of the service, and is exit code 1', async () => {
  const errors: unknown[] = []
  const log = {
    info: () => {},
    error: (data: object, message: string) => void errors.push({ ...data, message }),
  }
  const service = rig(async () => ({ drain: drained, log }))
  await turn()
  const error = new Error('bug')
  service.crash(error)
  assert.deepEqual(service.exits, [1])
  assert.deepEqual(errors, [{ error, message: 'uncaught error' }])
  assert.deepEqual(service.lines, [])
})

test('nothing happens twice once it is over', async () => {
  const service = rig(async () => ({ drain: drained }))
  await turn()
  service.signal()
  await turn()
  service.signal()
  service.elapse()
  assert.deepEqual(service.exits, [0])
  assert.deepEqual(service.lines, ['engine: stopping', 'engine: stopped'])
})
