import { isJsonObject } from './json-rpc.ts'
import type { JsonObject } from './json-rpc.ts'

/** More than any name has. A link keeps what its first request says. */
const maxInfoCharacters = 256

/** Name and version of a client: an icon in its own address has more bytes than any message that carries no data. @param info as it came */
export const briefClientInfo = (info: unknown): JsonObject => {
  const { name, version } = isJsonObject(info) ? info : {}
  return { name: shortOr(name, 'unnamed'), version: shortOr(version, '0') }
}

const shortOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value.length <= maxInfoCharacters ? value : otherwise
