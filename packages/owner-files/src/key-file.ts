import { randomBytes } from 'node:crypto'

import { CordonError } from '@cordon/foundation'

import { openOwnerFile, type OwnerFile, type OwnerFileErrorCode } from './owner-file.ts'

export type KeyFileErrorCode<Code extends string> = OwnerFileErrorCode<Code> | `${Code}_INVALID`

/**
 * A key in base64url; one made by chance where the file is missing.
 * @returns `bytes` of them
 * @throws CordonError `<code>_INVALID`, `<code>_EXPOSED`, `<code>_UNREADABLE`
 */
export const openKeyFile = async <Code extends string>(
  file: OwnerFile<Code>,
  bytes: number,
): Promise<Buffer> => {
  const text = await openOwnerFile(file, () => `${randomBytes(bytes).toString('base64url')}\n`)
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length === bytes) return key
  throw new CordonError<KeyFileErrorCode<Code>>(
    `${file.code}_INVALID`,
    `${file.name} ${file.path}: expected ${bytes} bytes in base64url, got ${key.length}`,
  )
}
