import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { takeLock } from '@cordon/lifecycle'

import { makeCacheFolder } from '../cache-folder.ts'
import type { Supervisor } from '../process/service-process.ts'
import { baseEnvironment } from '../process/base-environment.ts'
import type { OnProgress } from '../progress.ts'
import type { Artefact } from './artefact.ts'
import { lockedArtefact, totalBytes, type LockedArtefact } from './artefact-lock.ts'
import { progressText, watchArrival } from './download-progress.ts'
import { copyByMaven } from './maven.ts'
import { verifyFiles, verifyUnpacked } from './verify-files.ts'

export interface ArtefactContext {
  /** The per-user cache. */
  readonly cache: string
  readonly supervisor: Supervisor
  readonly onProgress: OnProgress
}

/** An artefact on this machine, byte for byte what the lock says. */
export interface StoredArtefact {
  readonly folder: string
  /** Of its lock entry: another content has another key. */
  readonly key: string
}

/** Another process may be downloading the same 109 MB over a slow line. */
const lockWaitMs = 30 * 60_000

/**
 * The artefact from the cache, downloaded first where it is not there. Every file is verified by checksum at each
 * call. Safe when several processes call it at once: one downloads, the others wait.
 * @throws InfraError `FOLDER_UNUSABLE`, `DOWNLOAD_FAILED`, `CHECKSUM_MISMATCH`
 */
export const storedArtefact = async (
  artefact: Artefact,
  context: ArtefactContext,
  locked: LockedArtefact = lockedArtefact(artefact),
): Promise<StoredArtefact> => {
  const key = createHash('sha256').update(JSON.stringify(locked)).digest('hex').slice(0, 12)
  const home = join(context.cache, 'artefacts')
  const folder = join(home, `${artefact.name}-${artefact.version}-${key}`)
  if (!existsSync(folder)) {
    makeCacheFolder(home)
    const lock = await takeLock(`${folder}.lock`, {
      what: artefact.title,
      holderPid: context.supervisor.guardianPid,
      waitMs: lockWaitMs,
      onWait: pid => working(artefact, context, `process ${pid} downloads it already, waiting`),
    })
    try {
      if (!existsSync(folder)) await download(artefact, locked, folder, context)
    } finally {
      lock.release()
    }
  }
  await verify(artefact, locked, folder)
  return { folder, key }
}

const verify = async (artefact: Artefact, locked: LockedArtefact, folder: string): Promise<void> => {
  try {
    if (artefact.unpack) await verifyUnpacked(folder, artefact.title, locked.unpacked ?? '')
    else await verifyFiles(folder, locked)
  } catch (error) {
    // Whole or not there: so that the next start downloads again.
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

const download = async (
  artefact: Artefact,
  locked: LockedArtefact,
  folder: string,
  context: ArtefactContext,
): Promise<void> => {
  const workshop = `${folder}.partial`
  await mkdir(workshop, { recursive: true, mode: 0o700 })
  const total = totalBytes(locked)
  const stopWatching = watchArrival(join(workshop, 'maven'), Object.keys(locked.files), arrived =>
    working(artefact, context, `downloading, ${progressText(arrived, total)}`),
  )
  const files = await copyByMaven(artefact, workshop, context.supervisor).finally(stopWatching)
  working(artefact, context, 'verifying checksums')
  try {
    await verifyFiles(files, locked)
  } catch (error) {
    // Maven's own copy is as wrong as ours.
    await rm(workshop, { recursive: true, force: true })
    throw error
  }
  await rename(
    artefact.unpack ? await unpack(files, Object.keys(locked.files), workshop, context) : files,
    folder,
  )
  await rm(workshop, { recursive: true, force: true })
}

const unpack = async (
  files: string,
  names: readonly string[],
  workshop: string,
  { supervisor }: ArtefactContext,
): Promise<string> => {
  const target = join(workshop, 'unpacked')
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { mode: 0o700 })
  for (const name of names) {
    await supervisor.run({
      name: 'unpack',
      command: 'tar',
      args: ['-xzf', join(files, name), '-C', target, '--no-same-owner'],
      environment: baseEnvironment(process.env),
    })
  }
  return target
}

const working = (artefact: Artefact, { onProgress }: ArtefactContext, text: string): void =>
  onProgress({ part: artefact.name, state: 'working', text: `${artefact.title}: ${text}` })
