import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { InfraError } from '../infra-error.ts'
import { awaitReady } from './await-ready.ts'
import { signalGroup, type ProcessExit } from './guarded-child.ts'
import { openGuardianChannel } from './guardian-channel.ts'
import type { GuardianEvent, StopStep } from './guardian-messages.ts'
import { exitFault } from './process-fault.ts'
import type { ProcessSpec, ServiceProcess, Supervisor } from './service-process.ts'

const defaultStopSteps: readonly StopStep[] = [{ signal: 'SIGTERM', waitMs: 5000 }]

interface Entry {
  readonly started: PromiseWithResolvers<number>
  readonly exited: PromiseWithResolvers<ProcessExit>
  pid?: number
}

/** @param folder exists or is made; logs go to `<folder>/logs`, and those of the time before to `logs.previous` */
export const openSupervisor = async (folder: string): Promise<Supervisor> => {
  const logs = freshLogs(folder)
  const entries = new Map<number, Entry>()
  let lastId = 0

  const guardian = await openGuardianChannel(folder, event => settle(entries, event))
  const folders: string[] = []
  void guardian.gone.then(() => abandon(entries, folders))

  const launch = async (spec: ProcessSpec): Promise<ServiceProcess> => {
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
      if (entries.has(id)) guardian.send({ type: 'stop', id })
      await entry.exited.promise
    }
    return { name: spec.name, pid, logFile, exited: entry.exited.promise, stop }
  }

  return {
    folder,
    guardianPid: guardian.pid,
    start: async (spec, readiness) => {
      const service = await launch(spec)
      if (readiness !== undefined) await awaitReady(service, readiness)
      return service
    },
    run: async spec => {
      const service = await launch(spec)
      const exit = await service.exited
      if (exit.code !== 0) throw await exitFault(service, exit, 'expected code 0')
    },
    removeAtEnd: target => {
      folders.push(target)
      guardian.send({ type: 'removeAtEnd', folder: target })
    },
    close: () => guardian.end(),
  }
}

const freshLogs = (folder: string): string => {
  const logs = join(folder, 'logs')
  // What the run before wrote is what one wants to read after a crash.
  rmSync(`${logs}.previous`, { recursive: true, force: true })
  if (existsSync(logs)) renameSync(logs, `${logs}.previous`)
  mkdirSync(logs, { recursive: true, mode: 0o700 })
  return logs
}

const settle = (entries: Map<number, Entry>, event: GuardianEvent): void => {
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
    entry.started.reject(new InfraError('GUARDIAN_LOST', 'process guardian: ended while a process started'))
    entry.exited.resolve({ code: null, signal: 'SIGKILL' })
  }
  entries.clear()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
