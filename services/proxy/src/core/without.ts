import type { JsonObject } from './json-rpc.ts'

/** An object without some of its members. */
export const without = (value: JsonObject, ...members: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([member]) => !members.includes(member)))
