import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

import type { GuardedProcess } from './guardian-messages.ts'

export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process in a group of its own, and the one way to end it. */
export interface GuardedChild {
  readonly pid: number
  readonly exited: Promise<ProcessExit>
  /** Asks step by step, then kills; resolves when nothing of the group is left. */
  stop(): Promise<void>
}

/** Rejects where the command cannot be started. Output goes straight to the log file, so nobody has to pass it on. */
export const startGuardedChild = async (spec: GuardedProcess): Promise<GuardedChild> => {
  const log = spec.logFile === undefined ? undefined : openSync(spec.logFile, 'a', 0o600)
  try {
    const child = spawn(spec.command, spec.args, {
      cwd: spec.folder,
      env: { ...spec.environment },
      stdio: [spec.holdsStdin ? 'pipe' : 'ignore', log ?? 'inherit', log ?? 'inherit'],
      // A group of its own: Ctrl-C in the terminal reaches the launcher only, which then stops in order.
      detached: true,
      ...spec.user,
    })
    const pid = await pidOf(child)
    // A child that ends while its standard input is written or closed is no fault of ours.
    child.stdin?.on('error', () => undefined)
    return guard(child, pid, spec)
  } finally {
    if (log !== undefined) closeSync(log)
  }
}

const pidOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => resolve(child.pid!))
  })

const guard = (child: ChildProcess, pid: number, spec: GuardedProcess): GuardedChild => {
  let running = true
  const exited = new Promise<ProcessExit>(resolve => {
    child.once('exit', (code, signal) => {
      running = false
      // What the leader started and did not end itself (tool servers, workers) must not outlive it.
      signalGroup(pid, 'SIGKILL')
      resolve({ code, signal })
    })
  })
  const stop = async (): Promise<void> => {
    for (const step of spec.stopSteps) {
      if (!running) break
      // To the leader only: it knows in which order its own children have to go.
      child.kill(step.signal)
      await within(exited, step.waitMs)
    }
    if (running) signalGroup(pid, 'SIGKILL')
    await exited
  }
  return { pid, exited, stop }
}

const within = async (promise: Promise<unknown>, milliseconds: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const elapsed = new Promise<void>(resolve => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([promise, elapsed])
  clearTimeout(timer)
}

/** Signals every process of a group; a group that is gone already is what was wanted. */
export const signalGroup = (leader: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
