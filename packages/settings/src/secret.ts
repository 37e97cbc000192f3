import { inspect } from 'node:util'

import { z } from 'zod'

// A zod registry rather than a WeakSet: its marks survive `.refine()`, which copies the schema.
const secretSchemas = z.registry<{ readonly secret: true }>()

/** Says that what this schema parses must never be printed. */
export const markSecret = <Schema extends z.core.$ZodType>(schema: Schema): Schema => {
  secretSchemas.add(schema, { secret: true })
  return schema
}

/** Whether the schema, or what it wraps (`.optional()`, `.default()`), is marked as secret. */
export const isSecret = (schema: z.core.$ZodType): boolean => {
  if (secretSchemas.get(schema)?.secret) return true
  const { def } = schema._zod
  return 'innerType' in def && isSecret(def.innerType as z.core.$ZodType)
}

/** Makes `console.log`, `util.inspect` and `JSON.stringify` show `[redacted]` in the place of the named properties. */
export const redact = <Value extends object>(value: Value, secrets: ReadonlySet<string>): Value => {
  const shown = (): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        secrets.has(key) && entry !== undefined ? '[redacted]' : entry,
      ]),
    )
  return Object.defineProperties(value, { toJSON: { value: shown }, [inspect.custom]: { value: shown } })
}
