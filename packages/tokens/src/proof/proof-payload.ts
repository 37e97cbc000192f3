import { parseStrictJsonObject } from '../strict-json.ts'

/** The claims of a proof as they are signed (RFC 9449 §4.2, and `mcp`). */
export interface ProofPayload {
  readonly jti: string
  readonly htm: string
  readonly htu: string
  /** Whole seconds since the Unix epoch. */
  readonly iat: number
  readonly ath: string
  readonly nonce: string
  readonly seq: number
  readonly mcp: ProofCall | undefined
}

export interface ProofCall {
  readonly server: string
  readonly tool: string
  readonly args_s256: string
}

/** Room for any id; bounds what is kept of a proof. */
const longestId = 256

/**
 * Written by hand: a schema of zod takes longer than everything else about a proof but its signature.
 * @param bytes the payload, decoded
 * @returns `undefined` where a claim is missing, of another kind, repeated, or one that nobody defined
 */
export const parseProofPayload = (bytes: Buffer): ProofPayload | undefined => {
  const text = bytes.toString('utf8')
  return parseUsual(text) ?? parseAny(text)
}

// As `signCallProof` writes it: half the time of a JSON parser, and no member can be there twice.
const usual =
  /^\{"jti":"([\w-]{1,256})","htm":"([A-Z]{1,16})","htu":"([!#-[\]-~]+)","iat":([1-9]\d{0,11}),"ath":"([\w-]{43})","nonce":"([\w-]{1,256})"(?:,"mcp":\{"server":"([!#-[\]-~]+)","tool":"([!#-[\]-~]+)","args_s256":"([\w-]{43})"\})?,"seq":(0|[1-9]\d{0,14})\}$/

const parseUsual = (text: string): ProofPayload | undefined => {
  const [, jti, htm, htu, iat, ath, nonce, server, tool, digest, seq] = usual.exec(text) ?? []
  if (jti === undefined || htm === undefined || htu === undefined || ath === undefined || nonce === undefined)
    return undefined
  const mcp =
    server === undefined || tool === undefined || digest === undefined
      ? undefined
      : { server, tool, args_s256: digest }
  return { jti, htm, htu, iat: Number(iat), ath, nonce, seq: Number(seq), mcp }
}

const parseAny = (text: string): ProofPayload | undefined => {
  const claims = parseStrictJsonObject(text)
  if (claims === undefined) return undefined
  const { jti, htm, htu, iat, ath, nonce, seq, mcp, ...others } = claims
  for (const _name in others) return undefined
  if (!isId(jti) || typeof nonce !== 'string' || nonce.length > longestId) return undefined
  if (typeof htm !== 'string' || typeof htu !== 'string' || typeof ath !== 'string') return undefined
  if (!isCount(iat) || !isCount(seq)) return undefined
  const call = 'mcp' in claims ? parseCall(mcp) : undefined
  if ('mcp' in claims && call === undefined) return undefined
  return { jti, htm, htu, iat, ath, nonce, seq, mcp: call }
}

const parseCall = (value: unknown): ProofCall | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { server, tool, args_s256, ...others } = value as Record<string, unknown>
  for (const _name in others) return undefined
  if (typeof server !== 'string' || typeof tool !== 'string' || typeof args_s256 !== 'string')
    return undefined
  return { server, tool, args_s256 }
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longestId

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
