import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

/** @returns `undefined` where the body is larger, or not UTF-8 */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<string | undefined> => {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > maxBytes) return undefined
    parts.push(part)
  }
  const whole = Buffer.concat(parts)
  return isUtf8(whole) ? whole.toString('utf8') : undefined
}
