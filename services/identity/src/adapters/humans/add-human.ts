import { stat } from 'node:fs/promises'

import { errorCode } from '@cordon/foundation'
import { replaceOwnerFile } from '@cordon/owner-files'

import { IdentityError } from '../../identity-error.ts'
import type { Account } from '../../ports/humans.ts'
import { type HumanEntry, readHumans } from './humans-file.ts'
import { hashPassword } from './password-hash.ts'

/** NIST SP 800-63B-4 §3.1.1.2 wants fifteen where nothing but a password is asked for; below twelve guessing pays. */
export const shortestPassword = 12

/**
 * Adds a human to the file, or gives the one of this subject another name, groups and password. Makes the file where there is none.
 * @throws IdentityError `PASSWORD_TOO_SHORT`; `HUMANS_FILE_UNREADABLE` where what would be written could not be read
 */
export const addHuman = async (file: string, account: Account, password: string): Promise<void> => {
  if (lengthOf(password) < shortestPassword)
    throw new IdentityError(
      'PASSWORD_TOO_SHORT',
      `password: expected at least ${shortestPassword} characters, got ${lengthOf(password)}`,
    )
  const before = (await exists(file)) ? (await readHumans(file)).humans : []
  const { subject, name, email, groups } = account
  const entry: HumanEntry = {
    subject,
    name,
    email,
    groups: [...groups],
    password: await hashPassword(password),
  }
  const humans = [...before.filter(human => human.subject !== subject), entry]
  await replaceOwnerFile(file, `${JSON.stringify({ humans }, null, 2)}\n`, readHumans)
}

const exists = async (file: string): Promise<boolean> => {
  try {
    await stat(file)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

// Code points: what is one key on some keyboards is two characters to JavaScript.
const lengthOf = (text: string): number => Array.from(text).length
