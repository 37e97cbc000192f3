import { readFileSync } from 'node:fs'

import { InfraError } from '../infra-error.ts'
import type { Artefact } from './artefact.ts'

/** What Maven has to deliver, byte for byte. `npm run lock -w @cordon/infra` writes it anew. */
export interface LockedArtefact {
  readonly version: string
  /** File name → what it must be. */
  readonly files: Readonly<Record<string, LockedFile>>
  /** Checksum over the folder that the archive unpacks to; only where there is one. */
  readonly unpacked?: string
}

export interface LockedFile {
  readonly sha256: string
  readonly bytes: number
}

export type ArtefactLock = Readonly<Record<string, LockedArtefact>>

export const artefactLockFile: URL = new URL('../../artefacts.lock.json', import.meta.url)

/** @throws InfraError `ARTEFACT_UNKNOWN` where the committed lock does not hold this version */
export const lockedArtefact = (artefact: Artefact): LockedArtefact => {
  const lock = JSON.parse(readFileSync(artefactLockFile, 'utf8')) as ArtefactLock
  const locked = lock[artefact.name]
  if (locked?.version !== artefact.version) {
    throw new InfraError(
      'ARTEFACT_UNKNOWN',
      `${artefact.title}: expected version ${artefact.version} in artefacts.lock.json, got ${locked?.version ?? 'none'}; ` +
        'run npm run lock -w @cordon/infra',
    )
  }
  return locked
}

export const totalBytes = (locked: LockedArtefact): number =>
  Object.values(locked.files).reduce((sum, file) => sum + file.bytes, 0)
