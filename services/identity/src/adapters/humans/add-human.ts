import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { errorCode } from '@cordon/foundation'
import { replaceOwnerFile } from '@cordon/owner-files'

import { IdentityError } from '../../identity-error.ts'
import type { Account } from '../../ports/humans.ts'
import { accountSchema, type HumanEntry, readHumans } from './humans-file.ts'
import { hashPassword } from './password-hash.ts'

/** NIST SP 800-63B-4 §3.1.1.2 wants fifteen where nothing but a password is asked for; below twelve guessing pays. */
export const shortestPassword = 12

/**
 * Whether the file may have a human like this, with whoever it has already: asked before anything is written.
 * @throws IdentityError `ACCOUNT_INVALID`, which names what of it; `HUMANS_FILE_UNREADABLE`, `HUMANS_FILE_EXPOSED`
 */
export const checkAccount = async (file: string, account: Account): Promise<void> => {
  await othersThan(file, account)
}

/**
 * Adds a human to the file, or gives the one of this subject another name, groups and password. Makes the file where there is none.
 * @throws IdentityError `PASSWORD_TOO_SHORT`; as `checkAccount`
 */
export const addHuman = async (file: string, account: Account, password: string): Promise<void> => {
  if (lengthOf(password) < shortestPassword)
    throw new IdentityError(
      'PASSWORD_TOO_SHORT',
      `password: expected at least ${shortestPassword} characters, got ${lengthOf(password)}`,
    )
  const others = await othersThan(file, account)
  const { subject, name, email, groups } = account
  const entry: HumanEntry = {
    subject,
    name,
    email,
    groups: [...groups],
    password: await hashPassword(password),
  }
  await replaceOwnerFile(file, `${JSON.stringify({ humans: [...others, entry] }, null, 2)}\n`, readHumans)
}

/** Whom the file has beside this one, of whom none may go by one of its names. */
const othersThan = async (file: string, account: Account): Promise<readonly HumanEntry[]> => {
  const [issue] = accountSchema.safeParse(account).error?.issues ?? []
  if (issue !== undefined) {
    const [member, index] = issue.path as [keyof Account, number?]
    const value = account[member]
    throw invalid(member, issue.message, String(index === undefined ? value : value[index]))
  }
  const others = (await humansOf(file)).filter(({ subject }) => subject !== account.subject)
  const taken = new Set(others.flatMap(namesOf))
  for (const member of ['subject', 'email'] as const)
    if (taken.has(account[member].toLowerCase()))
      throw invalid(member, 'expected one that nobody else in the file goes by', account[member])
  return others
}

/** Names of the file, under which somebody signs in. */
const namesOf = ({ subject, email }: Account): readonly string[] => [
  subject.toLowerCase(),
  email.toLowerCase(),
]

const humansOf = async (file: string): Promise<readonly HumanEntry[]> => {
  if (await exists(file)) return (await readHumans(file)).humans
  const folder = dirname(file)
  if (await exists(folder)) return []
  throw new IdentityError(
    'HUMANS_FILE_UNREADABLE',
    `humans file ${file}: expected a folder that exists, got none: ${folder}`,
  )
}

const invalid = (member: keyof Account, expected: string, got: string): IdentityError =>
  new IdentityError('ACCOUNT_INVALID', `${member}: ${expected}, got ${got}`)

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
