import { readFileSync } from 'node:fs'

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
export const fileText = (): z.ZodType<string, string> =>
  z.string().transform((path, context) => {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      context.addIssue({ code: 'custom', message: `expected a readable file (${code})` })
      return z.NEVER
    }
  })

/** Like `fileText`, for a file whose text is never printed. */
export const secretFileText = (): z.ZodType<string, string> => markSecret(fileText())

const wholeNumber = (least: number, most: number, error: string): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,10}$/, { error })
    .transform(Number)
    .pipe(z.number({ error }).min(least, { error }).max(most, { error }))
