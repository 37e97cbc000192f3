import { CordonError } from './cordon-error.ts'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** `<partition>.<uuid>`: the partition is part of the id, so adding partitions never moves a session. */
export type SessionId = Branded<'SessionId'>
/** A configured agent: platform + manifest. */
export type AgentId = Branded<'AgentId'>
/** UUIDv7 of one tool call, from attempt to outcome. */
export type InvocationId = Branded<'InvocationId'>
/** One running engine process. */
export type EngineId = Branded<'EngineId'>

export type IdErrorCode = 'SESSION_ID_MALFORMED' | 'ID_EMPTY'

const sessionIdPattern = /^(0|[1-9]\d{0,5})\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isSessionId = (text: string): text is SessionId => sessionIdPattern.test(text)

/** @throws CordonError `SESSION_ID_MALFORMED` */
export const parseSessionId = (text: string): SessionId => {
  if (isSessionId(text)) return text
  throw new CordonError<IdErrorCode>(
    'SESSION_ID_MALFORMED',
    `session id: expected "<partition>.<uuid>", got ${text.length} characters of another form`,
  )
}

/** @param uuid lower-case, hyphenated */
export const makeSessionId = (partition: number, uuid: string): SessionId =>
  parseSessionId(`${partition}.${uuid}`)

/** The partition of every topic keyed by session on which this session's records lie. */
export const partitionOfSession = (sessionId: SessionId): number =>
  Number(sessionId.slice(0, sessionId.indexOf('.')))

const parseNonEmpty = (what: string, text: string): string => {
  if (text.length > 0) return text
  throw new CordonError<IdErrorCode>('ID_EMPTY', `${what}: expected a non-empty string, got an empty one`)
}

export const parseAgentId = (text: string): AgentId => parseNonEmpty('agent id', text) as AgentId
export const parseInvocationId = (text: string): InvocationId =>
  parseNonEmpty('invocation id', text) as InvocationId
export const parseEngineId = (text: string): EngineId => parseNonEmpty('engine id', text) as EngineId
