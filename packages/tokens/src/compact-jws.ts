import { parseStrictJsonObject } from './strict-json.ts'

/** The parts of a JWS in compact form (RFC 7515 §7.1), nothing of it verified. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>
  /** The bytes that are signed. */
  readonly signed: Buffer
  readonly signature: Buffer
  /** Read it after the signature was verified. */
  readonly payload: Buffer
}

/** @returns `undefined` where the text is none, or one of its parts has a second spelling */
export const parseCompactJws = (text: string): CompactJws | undefined => {
  const [header, payload, signature, ...rest] = text.split('.')
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return undefined
  const headerBytes = decodeBase64Url(header)
  const payloadBytes = decodeBase64Url(payload)
  const signatureBytes = decodeBase64Url(signature)
  if (headerBytes === undefined || payloadBytes === undefined || signatureBytes === undefined)
    return undefined
  const parsedHeader = parseStrictJsonObject(headerBytes.toString('utf8'))
  if (parsedHeader === undefined) return undefined
  return {
    header: parsedHeader,
    signed: Buffer.from(`${header}.${payload}`, 'latin1'),
    signature: signatureBytes,
    payload: payloadBytes,
  }
}

/**
 * Node's decoder passes over padding, foreign characters and stray low bits; encoding again shows whether there were any.
 * @returns `undefined` where the text is empty or not the one spelling of its bytes
 */
export const decodeBase64Url = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : undefined
}

/** Writes a JWS in compact form. @param sign gets the bytes that are signed */
export const compactJws = (header: object, payload: object, sign: (bytes: Buffer) => Buffer): string => {
  const signed = `${encodeJson(header)}.${encodeJson(payload)}`
  return `${signed}.${sign(Buffer.from(signed, 'latin1')).toString('base64url')}`
}

/** A part of a JWS. */
export const encodeJson = (value: object): string =>
  Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')
