import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { errorCode } from '@cordon/foundation'
import { addHuman } from '@cordon/identity/add-human'
import { replaceOwnerFile } from '@cordon/owner-files'

/** Somebody who may sign in at the stack's own OpenID provider. */
export interface LocalHuman {
  /** `sub`, and what they type. */
  readonly subject: string
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
}

export interface LocalHumans {
  /** For identity; it holds hashes. */
  readonly humansFile: string
  /** For people: JSON, a password by subject, mode 0600. */
  readonly passwordsFile: string
  readonly passwords: Readonly<Record<string, string>>
}

/**
 * Gives each of them an account with a password by chance, which stays the same as long as the folder. Others who were added to
 * the file stay in it.
 * @param folder where both files are kept
 */
export const prepareHumans = async (folder: string, humans: readonly LocalHuman[]): Promise<LocalHumans> => {
  const humansFile = join(folder, 'humans.json')
  const passwordsFile = join(folder, 'passwords.json')
  const known = await readPasswords(passwordsFile)
  const passwords = Object.fromEntries(
    humans.map(({ subject }) => [subject, known[subject] ?? randomBytes(15).toString('base64url')]),
  )
  await replaceOwnerFile(passwordsFile, `${JSON.stringify(passwords, null, 2)}\n`)
  // One after the other: each writes the file anew.
  for (const human of humans) await addHuman(humansFile, human, passwords[human.subject]!)
  return { humansFile, passwordsFile, passwords }
}

const readPasswords = async (file: string): Promise<Readonly<Record<string, string>>> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {}
    throw error
  }
}
