import { join } from 'node:path'

import { InfraError } from '../infra-error.ts'
import { awaitReady } from './await-ready.ts'
import { freshLogs } from './fresh-logs.ts'
import { signalGroup, type ProcessExit } from './guarded-child.ts'
import { openGuardianChannel } from './guardian-channel.ts'
import type { GuardianEvent, StopStep } from './guardian-messages.ts'
import { endOf, exitFault } from './process-fault.ts'
import type { ProcessSpec, ServiceProcess, Supervisor } from './service-process.ts'
import { makeTemporaryFolder, removeAgainAtExit, removeFolder } from './temporary-folder.ts'

const defaultStopSteps: readonly StopStep[] = [{ signal: 'SIGTERM', waitMs: 5000 }]

interface Entry {
  readonly started: PromiseWithResolvers<number>
  readonly exited: PromiseWithResolvers<ProcessExit>
  pid?: number
  stopAsked?: true
}

/**
 * @param givenFolder exists or is made; logs go to `<folder>/logs`, and those of the time before to `logs.previous`.
 *   Omitted: a temporary one, removed at the end
 */
export const openSupervisor = async (givenFolder?: string): Promise<Supervisor> => {
  const entries = new Map<number, Entry>()
  const folders: string[] = []
  const failure = Promise.withResolvers<InfraError>()
  let isClosing = false
  let lost: InfraError | undefined
  let lastId = 0

  const lose = (what: string): void => {
    if (isClosing) return
    isClosing = true
    lost = new InfraError('GUARDIAN_LOST', `guardian: ${what}, expected it to stay`)
    failure.resolve(lost)
  }
  const guardian = await openGuardianChannel(event => {
    if (event.type === 'ending') lose(`was sent ${event.signal} and stops what it guards`)
    else settle(entries, event)
  })
  void guardian.gone.then(exit => {
    lose(`exited with ${endOf(exit)}, what it guarded was killed`)
    abandon(entries, folders)
  })
  const removeAtEnd = (target: string): void => {
    folders.push(target)
    guardian.send({ type: 'removeAtEnd', folder: target })
  }
  /** Whoever is still starting something when all is stopped gets no further. */
  const checkOpen = (): void => {
    if (isClosing) throw lost ?? new InfraError('GUARDIAN_LOST', 'guardian: expected to guard, was closed')
  }
  const makeFolder = (name: string): string => {
    checkOpen()
    const made = makeTemporaryFolder(name, guardian.pid)
    removeAtEnd(made)
    return made
  }
  const folder = givenFolder ?? makeFolder('run')
  const logs = freshLogs(folder)

  const launch = async (spec: ProcessSpec): Promise<{ service: ServiceProcess; entry: Entry }> => {
    checkOpen()
    lastId += 1
    const id = lastId
    const entry: Entry = { started: Promise.withResolvers(), exited: Promise.withResolvers() }
    entries.set(id, entry)
    const logFile = join(logs, `${spec.name}.log`)
    guardian.send({
      type: 'start',
      process: {
        id,
        command: spec.command,
        args: spec.args,
        environment: spec.environment,
        folder: spec.folder ?? folder,
        ...(spec.output === 'launcher' ? {} : { logFile }),
        ...(spec.user === undefined ? {} : { user: spec.user }),
        ...(spec.stopsWith === undefined ? {} : { stopsWith: spec.stopsWith }),
        holdsStdin: spec.exitsWithStdin ?? false,
        stopSteps: spec.stopSteps ?? defaultStopSteps,
      },
    })
    const pid = await entry.started.promise.catch((cause: unknown) => {
      throw new InfraError('PROCESS_NOT_STARTED', `${spec.name}: ${spec.command} cannot be started`, {
        cause,
      })
    })
    const stop = async (): Promise<void> => {
      entry.stopAsked = true
      if (entries.has(id)) guardian.send({ type: 'stop', id })
      await entry.exited.promise
    }
    return { service: { name: spec.name, pid, logFile, exited: entry.exited.promise, stop }, entry }
  }
  const start: Supervisor['start'] = async (spec, readiness) => {
    const { service, entry } = await launch(spec)
    if (readiness === undefined) return service
    await awaitReady(service, readiness)
    void service.exited.then(async exit => {
      if (isClosing || entry.stopAsked) return
      failure.resolve(await exitFault(service, exit, 'expected it to stay'))
    })
    return service
  }
  const run: Supervisor['run'] = async spec => {
    const { service } = await launch(spec)
    const exit = await service.exited
    if (exit.code !== 0) throw await exitFault(service, exit, 'expected code 0')
  }
  // Where the guardian was lost, that is what happened, and not what became of its charges.
  const orLost = (error: unknown): never => {
    throw lost ?? error
  }

  return {
    folder,
    guardianPid: guardian.pid,
    failed: failure.promise,
    start: (spec, readiness) => start(spec, readiness).catch(orLost),
    run: spec => run(spec).catch(orLost),
    removeAtEnd,
    makeTemporaryFolder: makeFolder,
    close: async () => {
      isClosing = true
      await guardian.end()
      folders.forEach(removeAgainAtExit)
    },
  }
}

const settle = (
  entries: Map<number, Entry>,
  event: Exclude<GuardianEvent, { readonly type: 'ending' }>,
): void => {
  const entry = entries.get(event.id)
  if (entry === undefined) return
  switch (event.type) {
    case 'started':
      entry.pid = event.pid
      entry.started.resolve(event.pid)
      break
    case 'failed':
      entries.delete(event.id)
      entry.started.reject(new Error(event.reason))
      break
    case 'exited':
      entries.delete(event.id)
      entry.exited.resolve({ code: event.code, signal: event.signal })
      break
  }
}

/** Normally nothing is left when the guardian ends. Where it was killed itself, its charges go with it. */
const abandon = (entries: Map<number, Entry>, folders: readonly string[]): void => {
  for (const entry of entries.values()) {
    if (entry.pid !== undefined) signalGroup(entry.pid, 'SIGKILL')
    entry.started.reject(new InfraError('GUARDIAN_LOST', 'guardian: ended while a process started'))
    entry.exited.resolve({ code: null, signal: 'SIGKILL' })
  }
  entries.clear()
  for (const folder of folders) removeFolder(folder)
}
