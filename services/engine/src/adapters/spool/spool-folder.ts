import { copyFile, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { readSegment } from './segment-file.ts'

/** A segment of which something is still needed. */
export interface StoredSegment {
  readonly path: string
  /** Number of its first record, and of the one behind its last. */
  readonly first: number
  next: number
  /** Records that are not yet acknowledged by the log. */
  unreleased: number
}

export type SpoolFault = 'torn' | 'corrupt' | 'write_failed' | 'sync_failed' | 'read_failed'

export interface FoundSpool {
  /** In the order of their records. */
  readonly segments: readonly StoredSegment[]
  /** Above the name of every file that is there. */
  readonly nextFile: number
}

const suffix = '.spool'

export const segmentPath = (folder: string, file: number): string =>
  join(folder, `${String(file).padStart(10, '0')}${suffix}`)

/**
 * What an engine left when it ended. A last record that was cut short was never answered for, and is left out. Of a
 * segment that is damaged otherwise the records before the damage are used, and a copy of all of it is set aside.
 */
export const findSegments = async (
  folder: string,
  onFault: (fault: SpoolFault, detail: string) => void,
): Promise<FoundSpool> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = (await readdir(folder)).filter(name => name.endsWith(suffix)).sort()
  const segments: StoredSegment[] = []
  for (const name of names) {
    const path = join(folder, name)
    const content = await readSegment(path)
    if (content?.ending === 'torn') onFault('torn', path)
    if (content?.ending === 'corrupt') {
      await copyFile(path, `${path}.corrupt`)
      onFault('corrupt', `${path}.corrupt`)
    }
    if (content === undefined || content.records.length === 0) {
      await rm(path)
      continue
    }
    const { first, records } = content
    segments.push({ path, first, next: first + records.length, unreleased: records.length })
  }
  const last = names.at(-1)
  // A segment that was made in haste has a later name than the one that was being prepared.
  segments.sort((one, other) => one.first - other.first)
  return { segments, nextFile: last === undefined ? 1 : Number(last.slice(0, -suffix.length)) + 1 }
}
