import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

import { CordonError } from '@cordon/foundation'
import { openOwnerFile, replaceOwnerFile } from '@cordon/owner-files'
import { generateDownstreamSecret } from '@cordon/tokens'
import { z } from 'zod'

/** A call key as an engine keeps it. */
export interface KeptCallKey {
  /** 32 bytes. */
  readonly secret: Buffer
  /** Milliseconds since the Unix epoch; `undefined`: it is not published yet. */
  readonly signsFrom: number | undefined
}

/** RFC 8032 §5.1.5. */
const secretBytes = 32

const schema = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        secret: z.base64url().transform(text => Buffer.from(text, 'base64url')),
        signsFrom: z.int().positive().optional(),
      }),
    )
    .min(1),
})

/**
 * The keys that sign downstream tokens, which outlive the process. Where the file is missing a first one is made, that signs at once.
 * @param now milliseconds since the Unix epoch
 * @throws CordonError `CALL_KEYS_INVALID`, `CALL_KEYS_EXPOSED`, `CALL_KEYS_UNREADABLE`
 */
export const openCallKeysFile = async (path: string, now: number): Promise<readonly KeptCallKey[]> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const text = await openOwnerFile(
    {
      path,
      name: 'call keys',
      code: 'CALL_KEYS',
      reason: 'whoever reads them can speak to tool servers in any session’s name',
    },
    () => textOf([{ secret: generateDownstreamSecret(), signsFrom: now }]),
  )
  const parsed = schema.safeParse(jsonOf(text))
  if (!parsed.success || parsed.data.keys.some(({ secret }) => secret.length !== secretBytes))
    throw new CordonError(
      'CALL_KEYS_INVALID',
      `call keys ${path}: expected keys as an engine wrote them, got another text`,
    )
  return parsed.data.keys.map(({ secret, signsFrom }) => ({ secret, signsFrom }))
}

/** In place whole, or not at all. Rejects with what the file system says. */
export const writeCallKeysFile = async (path: string, keys: readonly KeptCallKey[]): Promise<void> =>
  replaceOwnerFile(path, textOf(keys))

const textOf = (keys: readonly KeptCallKey[]): string =>
  `${JSON.stringify({
    keys: keys.map(({ secret, signsFrom }) => ({ secret: secret.toString('base64url'), signsFrom })),
  })}\n`

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON text stands for undefined.
    return undefined
  }
}
