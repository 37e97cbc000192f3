import { stat } from 'node:fs/promises'

import { errorCode } from '@cordon/foundation'
import { type OwnerFile, readOwnerFile, requireOwnerOnly } from '@cordon/owner-files'
import { z } from 'zod'

import { IdentityError } from '../../identity-error.ts'
import type { Account, Accounts } from '../../ports/humans.ts'
import { checkPassword, passwordHashPattern } from './password-hash.ts'

/** A human as the file has them. */
export interface HumanEntry extends Account {
  /** As `hashPassword` writes it. */
  readonly password: string
}

const line = z.string().regex(/^[^\p{C}]{1,200}$/u, { error: 'expected 1 to 200 printable characters' })

const accountObject = z.strictObject({
  // OIDC Core §2 allows 255 ASCII characters; spaces only confuse.
  subject: z.string().regex(/^[\x21-\x7e]{1,200}$/, { error: 'expected 1 to 200 visible ASCII characters' }),
  name: line,
  email: z.email({ error: 'expected an address' }),
  groups: z.array(line).max(200),
})

/** What a human in the file may be called, and how they are reached; what else a caller knows of them is not looked at. */
export const accountSchema: z.ZodType<Account> = accountObject.strip()

const entrySchema = accountObject.extend({
  password: z
    .string()
    .regex(passwordHashPattern, { error: 'expected a hash as `cordon human add` writes it' }),
})

const fileSchema = z.strictObject({ humans: z.array(entrySchema).max(10_000) })

/** Two cores are shared with everything else, and each check takes 32 MiB. */
const checksAtOnce = 2
/** What waits longer than these need has a browser that gave up. */
const checksWaiting = 16

/**
 * Those who may sign in, from a file that nobody else may read. It is read anew when it changes.
 * @throws CordonError `HUMANS_FILE_UNREADABLE`, `HUMANS_FILE_EXPOSED`
 */
export const openHumansFile = async (
  file: string,
  onFault: (error: unknown) => void = () => undefined,
): Promise<Accounts> => {
  let { version, humans } = await readHumans(file)

  // Whoever was removed must not sign in because somebody left a comma too much: what cannot be read holds nobody.
  const current = async (): Promise<readonly HumanEntry[]> => {
    try {
      if ((await versionOf(file)) !== version) ({ version, humans } = await readHumans(file))
    } catch (error) {
      onFault(error)
      ;({ version, humans } = { version: '', humans: [] })
    }
    return humans
  }

  const enter = createTurnstile()
  return {
    find: async subject => publicOf((await current()).find(human => human.subject === subject)),
    check: async (name, password) => {
      const wanted = name.normalize('NFC').trim()
      const human = (await current()).find(
        ({ subject, email }) => subject === wanted || email.toLowerCase() === wanted.toLowerCase(),
      )
      const isRight = await enter(async () => checkPassword(password, human?.password))
      if (isRight === 'busy') return 'busy'
      return (isRight ? publicOf(human) : undefined) ?? 'refused'
    },
  }
}

/** Reads and checks the file as it is now. */
export const readHumans = async (
  file: string,
): Promise<{ readonly version: string; readonly humans: readonly HumanEntry[] }> => {
  const version = await versionOf(file)
  const text = await readOwnerFile(humansFile(file))
  const parsed = fileSchema.safeParse(parseJson(text))
  if (!parsed.success) throw unreadable(file, z.prettifyError(parsed.error).replaceAll('\n', '; '))
  const names = parsed.data.humans.flatMap(({ subject, email }) => [
    ...new Set([subject.toLowerCase(), email.toLowerCase()]),
  ])
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw unreadable(file, `${twice} twice`)
  return { version, humans: parsed.data.humans }
}

const versionOf = async (file: string): Promise<string> => {
  const stats = await stat(file).catch((error: unknown) => {
    throw unreadable(file, errorCode(error) ?? 'another fault', error)
  })
  requireOwnerOnly(humansFile(file), stats)
  return `${stats.mtimeMs} ${stats.size} ${stats.ino}`
}

const humansFile = (path: string): OwnerFile => ({
  path,
  name: 'humans file',
  code: 'HUMANS_FILE',
  reason: 'whoever reads it can guess passwords at leisure',
})

const publicOf = (human: HumanEntry | undefined): Account | undefined => {
  if (human === undefined) return undefined
  const { subject, name, email, groups } = human
  return { subject, name, email, groups }
}

/** Lets a few through at a time, a few more wait, and turns the rest away. */
const createTurnstile = (): (<Value>(run: () => Promise<Value>) => Promise<Value | 'busy'>) => {
  let running = 0
  const waiting: (() => void)[] = []
  return async run => {
    if (running >= checksAtOnce) {
      if (waiting.length >= checksWaiting) return 'busy'
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      await promise
    } else running += 1
    try {
      return await run()
    } finally {
      // The place goes to who waits; nobody else can take it in between.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON text stands for undefined, so the schema refuses it.
    return undefined
  }
}

const unreadable = (file: string, got: string, cause?: unknown): IdentityError =>
  new IdentityError('HUMANS_FILE_UNREADABLE', `humans file ${file}: expected { "humans": […] }, got ${got}`, {
    cause,
  })
