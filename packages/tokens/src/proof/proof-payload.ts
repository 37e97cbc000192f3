import { maxProofSequence } from '@cordon/schemas'

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
  /** 0 to `maxProofSequence`. */
  readonly seq: number
  readonly mcp: ProofMessage | undefined
}

/** A message as it is signed: one that calls something, or any other. */
export type ProofMessage = ProofCall | ProofContent

export interface ProofCall {
  readonly server: string
  readonly tool: string
  readonly args_s256: string
  readonly rest_s256?: string
}

export interface ProofContent {
  readonly method: string
  readonly content_s256: string
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
  const claims = parseUsual(text) ?? parseAny(text)
  return claims !== undefined && claims.seq <= maxProofSequence ? claims : undefined
}

// As `signCallProof` writes it: half the time of a JSON parser, and no member can be there twice.
const usual =
  /^\{"jti":"([\w-]{1,256})","htm":"([A-Z]{1,16})","htu":"([!#-[\]-~]+)","iat":([1-9]\d{0,11}),"ath":"([\w-]{43})","nonce":"([\w-]{1,256})"(?:,"mcp":\{(?:"server":"([!#-[\]-~]+)","tool":"([!#-[\]-~]+)","args_s256":"([\w-]{43})"(?:,"rest_s256":"([\w-]{43})")?|"method":"([!#-[\]-~]+)","content_s256":"([\w-]{43})")\})?,"seq":(0|[1-9]\d{0,14})\}$/

const parseUsual = (text: string): ProofPayload | undefined => {
  const [, jti, htm, htu, iat, ath, nonce, server, tool, args, rest, method, content, seq] =
    usual.exec(text) ?? []
  if (jti === undefined || htm === undefined || htu === undefined || ath === undefined || nonce === undefined)
    return undefined
  const mcp = usualCall(server, tool, args, rest) ?? usualContent(method, content)
  return { jti, htm, htu, iat: Number(iat), ath, nonce, seq: Number(seq), mcp }
}

type Group = string | undefined

const usualCall = (server: Group, tool: Group, args: Group, rest: Group): ProofCall | undefined => {
  if (server === undefined || tool === undefined || args === undefined) return undefined
  return rest === undefined
    ? { server, tool, args_s256: args }
    : { server, tool, args_s256: args, rest_s256: rest }
}

const usualContent = (method: Group, content: Group): ProofContent | undefined =>
  method === undefined || content === undefined ? undefined : { method, content_s256: content }

const parseAny = (text: string): ProofPayload | undefined => {
  const claims = parseStrictJsonObject(text)
  if (claims === undefined) return undefined
  const { jti, htm, htu, iat, ath, nonce, seq, mcp, ...others } = claims
  for (const _name in others) return undefined
  if (!isId(jti) || typeof nonce !== 'string' || nonce.length > longestId) return undefined
  if (typeof htm !== 'string' || typeof htu !== 'string' || typeof ath !== 'string') return undefined
  if (!isCount(iat) || !isCount(seq)) return undefined
  const message = 'mcp' in claims ? parseMessage(mcp) : undefined
  if ('mcp' in claims && message === undefined) return undefined
  return { jti, htm, htu, iat, ath, nonce, seq, mcp: message }
}

const parseMessage = (value: unknown): ProofMessage | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const claims = value as Record<string, unknown>
  return 'tool' in claims ? parseCall(claims) : parseContent(claims)
}

const parseCall = (claims: Record<string, unknown>): ProofCall | undefined => {
  const { server, tool, args_s256, rest_s256, ...others } = claims
  for (const _name in others) return undefined
  if (typeof server !== 'string' || typeof tool !== 'string' || typeof args_s256 !== 'string')
    return undefined
  if (!('rest_s256' in claims)) return { server, tool, args_s256 }
  return typeof rest_s256 === 'string' ? { server, tool, args_s256, rest_s256 } : undefined
}

const parseContent = (claims: Record<string, unknown>): ProofContent | undefined => {
  const { method, content_s256, ...others } = claims
  for (const _name in others) return undefined
  return typeof method === 'string' && typeof content_s256 === 'string' ? { method, content_s256 } : undefined
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longestId

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
