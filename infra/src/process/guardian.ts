// The process that outlives the launcher: it starts everything, and when the launcher goes, in whatever way
// (the channel to it closes), it stops everything in reverse order and removes what was thrown away.
import { makeExitCertain } from '@cordon/lifecycle'

import { startGuardedChild, type GuardedChild } from './guarded-child.ts'
import type { GuardedProcess, GuardianCommand, GuardianEvent } from './guardian-messages.ts'
import { removeFolder } from './temporary-folder.ts'

interface Charge {
  readonly stopsWith: string | undefined
  /** A promise, so that what is just being started is stopped too. */
  readonly starting: Promise<GuardedChild | undefined>
}

makeExitCertain()

/** In the order of starting. */
const charges = new Map<number, Charge>()
const folders: string[] = []
let ending = false

const report = (event: GuardianEvent): void => {
  if (process.connected) process.send?.(event, undefined, undefined, () => undefined)
}

const start = async (spec: GuardedProcess): Promise<GuardedChild | undefined> => {
  try {
    const child = await startGuardedChild(spec)
    report({ type: 'started', id: spec.id, pid: child.pid })
    void child.exited.then(exit => {
      charges.delete(spec.id)
      report({ type: 'exited', id: spec.id, ...exit })
    })
    return child
  } catch (error) {
    charges.delete(spec.id)
    report({ type: 'failed', id: spec.id, reason: error instanceof Error ? error.message : String(error) })
    return undefined
  }
}

const take = (spec: GuardedProcess): void => {
  charges.set(spec.id, { stopsWith: spec.stopsWith, starting: start(spec) })
}

const end = async (): Promise<void> => {
  if (ending) return
  ending = true
  // One that cannot be stopped does not keep the others running.
  for (const group of stopOrder()) await Promise.allSettled(group.map(async each => (await each)?.stop()))
  for (const folder of folders) removeFolder(folder)
  process.exit(0)
}

/** The last started first, and beside it what is stopped with it. */
const stopOrder = (): readonly Charge['starting'][][] => {
  const groups = new Map<string | number, Charge['starting'][]>()
  for (const [id, { stopsWith, starting }] of [...charges].reverse()) {
    const group = groups.get(stopsWith ?? id) ?? []
    group.push(starting)
    groups.set(stopsWith ?? id, group)
  }
  return [...groups.values()]
}

process.on('message', (command: GuardianCommand) => {
  switch (command.type) {
    case 'start':
      if (!ending) take(command.process)
      break
    case 'stop':
      void charges.get(command.id)?.starting.then(child => child?.stop())
      break
    case 'removeAtEnd':
      folders.push(command.folder)
      break
    case 'end':
      void end()
      break
  }
})
process.on('disconnect', () => void end())
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!ending) report({ type: 'ending', signal })
    void end()
  })
}
// The launcher may be gone before this file was loaded.
if (!process.connected) void end()
