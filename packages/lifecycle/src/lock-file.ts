import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

import { CordonError } from '@cordon/foundation'

import { processStart } from './process-start.ts'

export type LockErrorCode = 'FOLDER_IN_USE'

export interface LockOptions {
  /** What is locked, for the message. */
  readonly what: string
  /** Whose life the lock is bound to: it is free as soon as this process is gone, also after `kill -9`. */
  readonly holderPid: number
  /** How long to wait for another holder. */
  readonly waitMs: number
  /** Called once when it has to wait. */
  readonly onWait?: (holderPid: number) => void
}

export interface Lock {
  /** Binds it to the life of another process. */
  handTo(pid: number): void
  release(): void
}

/**
 * Takes a lock by a file that names its holder.
 * @throws CordonError `FOLDER_IN_USE` when another living process holds it for longer than `waitMs`
 */
export const takeLock = async (file: string, options: LockOptions): Promise<Lock> => {
  const deadline = performance.now() + options.waitMs
  let waited = false
  while (!tryLock(file, options.holderPid)) {
    const holder = readHolder(file)
    if (holder === undefined) continue
    if (!isAlive(holder)) {
      breakLock(file, holder)
      continue
    }
    if (performance.now() > deadline) {
      throw new CordonError<LockErrorCode>(
        'FOLDER_IN_USE',
        `${options.what}: in use by process ${holder.pid}; stop that one first (lock: ${file})`,
      )
    }
    if (!waited) options.onWait?.(holder.pid)
    waited = true
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  let holderPid = options.holderPid
  return {
    handTo: pid => {
      renameSync(draftLock(file, pid), file)
      holderPid = pid
    },
    release: () => {
      if (readHolder(file)?.pid === holderPid) rmSync(file, { force: true })
    },
  }
}

interface Holder {
  readonly text: string
  readonly pid: number
  readonly start: string
}

const isAlive = (holder: Holder): boolean => processStart(holder.pid) === holder.start

const draftLock = (file: string, holderPid: number): string => {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, `${holderPid} ${processStart(holderPid) ?? ''}`, { mode: 0o600 })
  return draft
}

const tryLock = (file: string, holderPid: number): boolean => {
  const draft = draftLock(file, holderPid)
  try {
    // A link appears whole or not at all, so nobody reads a lock without its holder.
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

const readHolder = (file: string): Holder | undefined => {
  try {
    const text = readFileSync(file, 'utf8')
    const [pid = '', start = ''] = text.split(' ')
    return { text, pid: Number(pid), start }
  } catch {
    return undefined
  }
}

/** Moves a dead holder's lock away; where another process was faster, its new lock is put back. */
const breakLock = (file: string, dead: Holder): void => {
  const aside = `${file}.${randomUUID()}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') !== dead.text) linkSync(aside, file)
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  rmSync(aside, { force: true })
}
