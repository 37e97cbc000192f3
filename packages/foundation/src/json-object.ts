/** What JSON calls an object, parsed. */
export type JsonObject = Readonly<Record<string, unknown>>

/** @param value parsed JSON */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
