// The process that outlives the launcher: it starts everything, and when the launcher goes, in whatever way
// (the channel to it closes), it stops everything in reverse order and removes what was thrown away.
import { rmSync } from 'node:fs'

import { startGuardedChild, type GuardedChild } from './guarded-child.ts'
import type { GuardedProcess, GuardianCommand, GuardianEvent } from './guardian-messages.ts'

/** In the order of starting. A promise, so that what is just being started is stopped too. */
const children = new Map<number, Promise<GuardedChild | undefined>>()
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
      children.delete(spec.id)
      report({ type: 'exited', id: spec.id, ...exit })
    })
    return child
  } catch (error) {
    children.delete(spec.id)
    report({ type: 'failed', id: spec.id, reason: error instanceof Error ? error.message : String(error) })
    return undefined
  }
}

const end = async (): Promise<void> => {
  if (ending) return
  ending = true
  for (const starting of [...children.values()].reverse()) {
    const child = await starting
    await child?.stop()
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  process.exit(0)
}

process.on('message', (command: GuardianCommand) => {
  switch (command.type) {
    case 'start':
      if (!ending) children.set(command.process.id, start(command.process))
      break
    case 'stop':
      void children.get(command.id)?.then(child => child?.stop())
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
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end())
// The launcher may be gone before this file was loaded.
if (!process.connected) void end()
