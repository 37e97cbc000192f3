import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { InfraError } from '../infra-error.ts'
import type { LockedArtefact } from './artefact-lock.ts'
import { fileChecksum, folderChecksum } from './checksum.ts'

/**
 * Compares a folder of files with the lock: every file, no other. A file that differs is removed.
 * @throws InfraError `CHECKSUM_MISMATCH`
 */
export const verifyFiles = async (folder: string, locked: LockedArtefact): Promise<void> => {
  const found = (await readdir(folder)).sort()
  for (const name of found) {
    const expected = locked.files[name]
    const got = await fileChecksum(join(folder, name))
    if (got === expected?.sha256) continue
    await rm(join(folder, name))
    throw mismatch(name, expected?.sha256 ?? 'no such file', got)
  }
  const missing = Object.keys(locked.files).find(name => !found.includes(name))
  if (missing !== undefined) throw mismatch(missing, locked.files[missing]!.sha256, 'no file')
}

/**
 * Compares what an archive unpacked to with the lock; what differs is removed.
 * @throws InfraError `CHECKSUM_MISMATCH`
 */
export const verifyUnpacked = async (folder: string, title: string, expected: string): Promise<void> => {
  const got = await folderChecksum(folder)
  if (got === expected) return
  await rm(folder, { recursive: true, force: true })
  throw mismatch(title, expected, got)
}

const mismatch = (what: string, expected: string, got: string): InfraError =>
  new InfraError(
    'CHECKSUM_MISMATCH',
    `${what}: expected SHA-256 ${expected}, got ${got}. It was removed; the next start downloads it again. ` +
      'Where this repeats, something between here and Maven Central changes what it delivers.',
    { retryable: true },
  )
