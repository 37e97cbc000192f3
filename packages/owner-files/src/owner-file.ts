import { open } from 'node:fs/promises'

import { CordonError, errorCode } from '@cordon/foundation'

import { createWhole } from './whole-file.ts'

/** A file that is for one user of the machine. */
export interface OwnerFile<Code extends string = string> {
  readonly path: string
  /** For messages: `decision key`. */
  readonly name: string
  /** Begins the codes of its errors: `DECISION_KEY`. */
  readonly code: Code
  /** Why others must not have it: `whoever reads it can set any standing`. */
  readonly reason: string
}

export type OwnerFileErrorCode<Code extends string> = `${Code}_EXPOSED` | `${Code}_UNREADABLE`

/** @throws CordonError `<code>_EXPOSED`, `<code>_UNREADABLE` */
export const readOwnerFile = async <Code extends string>(file: OwnerFile<Code>): Promise<string> => {
  try {
    return await readChecked(file)
  } catch (error) {
    throw unreadable(file, 'read', error)
  }
}

/**
 * Made with mode 0600 where it is missing, by one of those that start together.
 * @throws CordonError `<code>_EXPOSED`, `<code>_UNREADABLE`
 */
export const openOwnerFile = async <Code extends string>(
  file: OwnerFile<Code>,
  make: () => string,
): Promise<string> => {
  try {
    const text = await readChecked(file).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error
    })
    if (text !== undefined) return text
    await createWhole(file.path, make())
    return await readChecked(file)
  } catch (error) {
    throw unreadable(file, 'read or made', error)
  }
}

/**
 * @param stats of the file, which may be a link's target
 * @throws CordonError `<code>_EXPOSED` where others may read or write it, or could have written it
 */
export const requireOwnerOnly = <Code extends string>(
  { path, name, code, reason }: OwnerFile<Code>,
  stats: { readonly mode: number; readonly uid: number },
): void => {
  const user = process.getuid?.()
  if (user === undefined) return
  const exposed = (expected: string, got: string): CordonError<OwnerFileErrorCode<Code>> =>
    new CordonError(`${code}_EXPOSED`, `${name} ${path}: expected ${expected}, got ${got}: ${reason}`)
  if ((stats.mode & 0o077) !== 0) throw exposed('mode 0600', `0${(stats.mode & 0o777).toString(8)}`)
  if (stats.uid !== user) throw exposed(`a file of user ${user}`, `one of user ${stats.uid}`)
}

// Checked and read through one handle: another file cannot take its place in between.
const readChecked = async (file: OwnerFile): Promise<string> => {
  const handle = await open(file.path, 'r')
  try {
    const stats = await handle.stat()
    // Of a folder the mode says nothing: that it is one is what reading it says.
    if (!stats.isDirectory()) requireOwnerOnly(file, stats)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

const unreadable = <Code extends string>(
  { path, name, code }: OwnerFile<Code>,
  what: string,
  cause: unknown,
): CordonError => {
  if (cause instanceof CordonError) return cause
  return new CordonError<OwnerFileErrorCode<Code>>(
    `${code}_UNREADABLE`,
    `${name} ${path}: expected a file that can be ${what}, got ${errorCode(cause) ?? 'another fault'}`,
    { cause },
  )
}
