import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

/** Of 64 KiB, a hundred tools, an ID token, an attestation and a session token take a quarter; a declared intent, three times its size. */
const maxBodyBytes = (64 + 3 * 64) * 1024

/** The parameters of a form, each of them once. */
export type Form = ReadonlyMap<string, string>

/** Why a body is no form. */
export interface FormFault {
  readonly fault: 'MEDIA_TYPE_UNSUPPORTED' | 'BODY_TOO_LARGE' | 'BODY_INVALID'
  readonly message: string
}

/** Reads `application/x-www-form-urlencoded` (RFC 6749 §4, appendix B). */
export const readForm = async (request: IncomingMessage): Promise<Form | FormFault> => {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    return {
      fault: 'MEDIA_TYPE_UNSUPPORTED',
      message: `content type: expected application/x-www-form-urlencoded, got ${type ?? 'none'}`,
    }
  const bytes = await readBytes(request)
  if (bytes === undefined)
    return { fault: 'BODY_TOO_LARGE', message: `body: expected at most ${maxBodyBytes} bytes, got more` }
  if (!isUtf8(bytes)) return { fault: 'BODY_INVALID', message: 'body: expected UTF-8, got other bytes' }
  return parseForm(bytes.toString('utf8'))
}

const parseForm = (text: string): Form | FormFault => {
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    // RFC 6749 §3.2: a parameter without a value is one that was left out; none may stand twice.
    if (value === '') continue
    if (form.has(name))
      return { fault: 'BODY_INVALID', message: 'body: expected each parameter once, got one twice' }
    form.set(name, value)
  }
  return form
}

export const isFormFault = (form: Form | FormFault): form is FormFault => 'fault' in form

const readBytes = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
