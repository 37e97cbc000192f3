import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Workplace } from './workplace.ts'

/** The files that services of one stack share; keys live as long as the folder, since records in topics rest on them. */
export interface StackFiles {
  /** Where the keys are kept. */
  readonly keysFolder: string
  /** What operators show to identity. */
  readonly operatorSecretFile: string
  readonly operatorSecret: string
  /** What identity seals its signing keys with. */
  readonly identityKeyFile: string
  /** Identity's database. */
  readonly identityDataFolder: string
  readonly fingerprintKeyFile: string
  readonly engineKeyFile: string
  readonly engineSocket: string
  /** What the engine could not yet publish. */
  readonly spoolFolder: string
}

/** Of 108 bytes that a socket's path may have (unix(7)), on macOS 104. */
const longestSocketPath = 100

/** The key of the stack's engines, which make it where it is missing. */
export const fingerprintKeyFile = ({ folder }: Pick<Workplace, 'folder'>): string =>
  join(folder, 'keys', 'fingerprint-key')

/** Makes the folder and the secret; services make their own keys where those are missing. */
export const prepareStackFiles = (workplace: Workplace): StackFiles => {
  const keys = join(workplace.folder, 'keys')
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  const operatorSecretFile = join(keys, 'operator-secret')
  if (!existsSync(operatorSecretFile)) {
    writeFileSync(operatorSecretFile, randomBytes(32).toString('base64url'), { mode: 0o600 })
  }
  return {
    keysFolder: keys,
    operatorSecretFile,
    operatorSecret: readFileSync(operatorSecretFile, 'utf8'),
    identityKeyFile: join(keys, 'identity-sealing-key'),
    identityDataFolder: join(workplace.folder, 'identity'),
    fingerprintKeyFile: fingerprintKeyFile(workplace),
    engineKeyFile: join(keys, 'engine-key'),
    engineSocket: socketPath(workplace),
    spoolFolder: join(workplace.folder, 'spool'),
  }
}

const socketPath = ({ folder, supervisor }: Workplace): string => {
  const path = join(folder, 'engine.sock')
  if (Buffer.byteLength(path) <= longestSocketPath) return path
  return join(supervisor.makeTemporaryFolder('socket'), 'engine.sock')
}
