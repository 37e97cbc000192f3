import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

import { InfraError } from '../infra-error.ts'
import { baseEnvironment } from './base-environment.ts'
import type { ProcessExit } from './guarded-child.ts'
import type { GuardianCommand, GuardianEvent } from './guardian-messages.ts'

/** The launcher's end of the pipe whose closing tells the guardian to end everything. */
export interface GuardianChannel {
  readonly pid: number
  send(command: GuardianCommand): void
  /** Resolves when the guardian is gone. */
  readonly gone: Promise<ProcessExit>
  /** Asks it to end everything, itself too; also where it is gone already. */
  end(): Promise<void>
}

export const openGuardianChannel = async (
  onEvent: (event: GuardianEvent) => void,
): Promise<GuardianChannel> => {
  const guardian = spawn(process.execPath, [fileURLToPath(new URL('guardian.ts', import.meta.url))], {
    // It outlives the folders that it removes.
    cwd: tmpdir(),
    env: baseEnvironment(process.env),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A session of its own: neither Ctrl-C nor a closed terminal ends it before its work is done.
    detached: true,
  })
  const gone = new Promise<ProcessExit>(resolve => {
    guardian.once('exit', (code, signal) => resolve({ code, signal }))
    guardian.once('error', () => resolve({ code: null, signal: null }))
  })
  await once(guardian, 'spawn')
  guardian.on('message', (event: GuardianEvent) => onEvent(event))
  const send = (command: GuardianCommand): void => {
    if (!guardian.connected) {
      throw new InfraError('GUARDIAN_LOST', 'process guardian: expected to be running, got a closed channel')
    }
    guardian.send(command, () => undefined)
  }
  const end = async (): Promise<void> => {
    if (guardian.connected) send({ type: 'end' })
    await gone
  }
  return { pid: guardian.pid!, send, gone, end }
}
