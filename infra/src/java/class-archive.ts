import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { takeLock } from '@cordon/lifecycle'

import type { ArtefactContext, StoredArtefact } from '../artefacts/artefact-store.ts'

export interface ClassArchiveOptions {
  readonly name: string
  readonly artefact: StoredArtefact
  /** Of the Java that reads it. */
  readonly javaFingerprint: string
  /** Runs the program once, so that it writes the classes that it loaded into this file when it ends. */
  readonly record: (archive: string) => Promise<void>
}

const lockWaitMs = 120_000

/**
 * The class-data archive of a Java program, recorded once: it halves the time to ready. It belongs to one Java and
 * to these very jars (the JVM compares paths, sizes and times).
 * @returns `undefined` where it cannot be made: the program then starts as it does without
 */
export const classArchive = async (
  options: ClassArchiveOptions,
  context: ArtefactContext,
): Promise<string | undefined> => {
  const { artefact, javaFingerprint, name } = options
  const madeMs = statSync(artefact.folder).mtimeMs
  const key = createHash('sha256')
    .update(JSON.stringify([artefact.folder, artefact.key, madeMs, javaFingerprint]))
    .digest('hex')
    .slice(0, 16)
  const home = join(context.cache, 'class-data')
  const archive = join(home, `${name}-${key}.jsa`)
  if (existsSync(archive)) return archive
  try {
    await mkdir(home, { recursive: true, mode: 0o700 })
    const lock = await takeLock(`${archive}.lock`, {
      what: `class-data archive of ${name}`,
      holderPid: context.supervisor.guardianPid,
      waitMs: lockWaitMs,
    })
    try {
      if (!existsSync(archive)) await recordInto(archive, options)
    } finally {
      lock.release()
    }
    return archive
  } catch {
    // A cache that cannot be written, a Java without class data of its own or that ended otherwise: it costs seconds only.
    return undefined
  }
}

/** Whole or not there: a program that starts meanwhile must not read half of it. */
const recordInto = async (archive: string, { record }: ClassArchiveOptions): Promise<void> => {
  const draft = `${archive}.partial`
  await rm(draft, { force: true })
  await record(draft)
  await rename(draft, archive)
}

/** How one run of a program deals with its archive. */
export type ArchiveUse = { readonly record: string } | { readonly use: string | undefined }

export const archiveFlags = (archive: ArchiveUse): readonly string[] => {
  // Classes that cannot be archived are none of the reader's business.
  if ('record' in archive)
    return [`-XX:ArchiveClassesAtExit=${archive.record}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off']
  return archive.use === undefined
    ? []
    : [`-XX:SharedArchiveFile=${archive.use}`, '-Xshare:auto', '-Xlog:cds=off']
}
