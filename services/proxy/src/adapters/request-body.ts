import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

/** A body, or why there is none. */
export type RequestBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-utf8' }
  | { readonly kind: 'too-slow' }
  /** The agent went away in the middle of it. */
  | { readonly kind: 'broken-off' }

/** Reads a whole body, as far as it is allowed to be. */
export const readBody = (
  request: IncomingMessage,
  maxBytes: number,
  timeoutMs: number,
): Promise<RequestBody> =>
  new Promise(resolve => {
    const chunks: Buffer[] = []
    let bytes = 0
    const timer = setTimeout(() => resolve({ kind: 'too-slow' }), timeoutMs).unref()
    request.once('close', () => clearTimeout(timer))
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) resolve({ kind: 'too-large' })
      else chunks.push(chunk)
    })
    request.once('end', () => {
      clearTimeout(timer)
      resolve(decode(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    })
    request.once('error', () => resolve({ kind: 'broken-off' }))
    request.once('close', () => resolve({ kind: 'broken-off' }))
  })

const decode = (bytes: Buffer): RequestBody =>
  isUtf8(bytes) ? { kind: 'text', text: bytes.toString('utf8') } : { kind: 'not-utf8' }
