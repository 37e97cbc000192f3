import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'

import { CordonError } from '@cordon/foundation'
import { requireOwnerOnly } from '@cordon/owner-files'
import { z } from 'zod'

import { markSecret } from './secret.ts'

/** `true` or `false`. */
export const flag = (): z.ZodType<boolean, string> =>
  z.enum(['true', 'false'], { error: 'expected true or false' }).transform(text => text === 'true')

/** A TCP port; 0 lets the system choose. */
export const port = (): z.ZodType<number, string> => wholeNumber(0, 65_535, 'expected a port from 0 to 65535')

/** A duration in whole milliseconds. */
export const milliseconds = (): z.ZodType<number, string> =>
  // The longest delay that a Node timer keeps; a longer one would fire at once.
  wholeNumber(0, 2 ** 31 - 1, 'expected whole milliseconds')

/** How many there may be of something. */
export const count = (): z.ZodType<number, string> =>
  wholeNumber(1, 1_000_000_000, 'expected a whole number from 1 to 1000000000')

/** A value that is never printed. */
export const secret = (): z.ZodType<string, string> => markSecret(z.string().min(1))

/** The path of a text file; the setting is what stands in it, read once at the start. */
export const fileText = (): z.ZodType<string, string> => fileTextBy(path => readFileSync(path, 'utf8'))

/** Like `fileText`, for a file whose text is never printed. */
export const secretFileText = (): z.ZodType<string, string> => markSecret(fileText())

/** Like `secretFileText`, for what lets whoever has it act here: nobody but its owner may touch the file. */
export const ownerFileText = (): z.ZodType<string, string> => markSecret(fileTextBy(readOwned))

const fileTextBy = (read: (path: string) => string): z.ZodType<string, string> =>
  z.string().transform((path, context) => {
    try {
      return read(path)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      const message = error instanceof CordonError ? error.message : `expected a readable file (${code})`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
  })

// Checked and read through one handle: another file cannot take its place in between.
const readOwned = (path: string): string => {
  const handle = openSync(path, 'r')
  try {
    const reason = 'whoever reads it can use it'
    requireOwnerOnly({ path, name: 'secret file', code: 'SECRET_FILE', reason }, fstatSync(handle))
    return readFileSync(handle, 'utf8')
  } finally {
    closeSync(handle)
  }
}

const wholeNumber = (least: number, most: number, error: string): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,10}$/, { error })
    .transform(Number)
    .pipe(z.number({ error }).min(least, { error }).max(most, { error }))
