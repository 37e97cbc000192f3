import type { SaidAs } from '@cordon/engine-socket'
import { isJsonObject, type JsonObject } from '@cordon/foundation'
import { digestArguments, stoppingMethods } from '@cordon/tokens'

import { answerMethod } from './downstream-call.ts'

/** What is remembered of an agent: answers, what its calls said beside their arguments, and what it listens to. */
export type ProvenKind = 'answer' | 'rest' | 'resources/subscribe' | 'subscriptions/listen'

/** What an enforcement point would say to a server without a request of the agent's. */
export interface OwnMessage {
  readonly method: string
  readonly content?: JsonObject | undefined
  readonly saidAs?: SaidAs | undefined
}

/** What the agent proved at that server. */
export interface Proven {
  has(kind: ProvenKind, digest: string): boolean
  /** Each goes once. */
  take(kind: ProvenKind, digest: string): boolean
}

/** What begins and ends a connection, and asks for what everybody may know: no agent has a part in it. */
const agentless: ReadonlySet<string> = new Set([
  'GET',
  'DELETE',
  'server/discover',
  'initialize',
  'tools/list',
  'notifications/initialized',
  'notifications/cancelled',
  'resources/unsubscribe',
])

/** Nothing that a server could take for the agent's word goes without it: an answer with a result, a subscription, a call. */
export const mayBeSaid = ({ method, content = {}, saidAs = {} }: OwnMessage, proven: Proven): boolean => {
  if (agentless.has(method)) return true
  switch (method) {
    case answerMethod:
      return isNoAnswer(content) || isInputResponse(content, saidAs, proven)
    case 'resources/subscribe':
      return isListenedTo(content, saidAs, proven)
    case 'subscriptions/listen':
      if (!isListening(content)) return false
      return listenedUris(content).every(uri => proven.has('resources/subscribe', digestOf({ uri })))
    default:
      return false
  }
}

/**
 * Whether a message only stops what a session began: it is said whatever the session's standing, and so when it is over.
 * @param isOfTask whether a call of this session is open that may go on as a task, and is what the message is about
 */
export const isStop = ({ method, content = {} }: OwnMessage, isOfTask: boolean): boolean => {
  if (method !== 'tasks/cancel') return stoppingMethods.has(method)
  const { taskId, ...others } = content
  return isOfTask && typeof taskId === 'string' && isEmpty(others)
}

/**
 * Whether a call may say this beside its arguments when it is made again: what it said before, and as `inputResponses` what the agent
 * answered. The `requestState` is the server's, and no agent with a session has seen it.
 * @param before digest of what the call said beside its arguments the first time
 */
export const mayBeRepeated = (
  content: JsonObject,
  before: string | undefined,
  { answerIds = {} }: SaidAs,
  proven: Proven,
): boolean => {
  const { inputResponses, requestState: _state, ...same } = content
  if (digestOfSome(same) !== before || !isJsonObject(inputResponses)) return false
  const answers = Object.entries(inputResponses).map(([name, result]) => ({ id: answerIds[name], result }))
  return answers.length > 0 && answers.every(answer => proven.take('answer', digestOf(answer)))
}

/** @returns SHA-256 of the canonical text; what has none nobody proved */
export const digestOf = (said: unknown): string => {
  try {
    return digestArguments(said)
  } catch {
    return ''
  }
}

const digestOfSome = (said: JsonObject): string | undefined => {
  for (const _name in said) return digestOf(said)
  return undefined
}

/** An error, or what a `ping` is answered with: the enforcement point answers so what it asks no agent. */
const isNoAnswer = ({ id: _id, error, result, ...others }: JsonObject): boolean =>
  isEmpty(others) &&
  (result === undefined || (error === undefined && isJsonObject(result) && isEmpty(result)))

const isInputResponse = ({ result }: JsonObject, { inputResponse }: SaidAs, proven: Proven): boolean => {
  if (inputResponse === undefined) return false
  const { name, requestState } = inputResponse
  return proven.take('rest', digestOf({ inputResponses: { [name]: result }, requestState }))
}

const isListenedTo = ({ uri, ...others }: JsonObject, { listening }: SaidAs, proven: Proven): boolean => {
  if (listening === undefined || Object.keys(others).length > 0) return false
  return listenedUris(listening).includes(uri) && proven.has('subscriptions/listen', digestOf(listening))
}

/** What everybody may listen to, and resources; nothing beside that anybody could say. */
const isListening = ({ notifications, ...others }: JsonObject): boolean =>
  isEmpty(others) &&
  isJsonObject(notifications) &&
  Object.entries(notifications).every(([name, value]) =>
    name === 'resourceSubscriptions' ? Array.isArray(value) : listFilters.has(name) && value === true,
  )

/** MCP 2026-07-28, `SubscriptionFilter`. */
const listFilters: ReadonlySet<string> = new Set([
  'toolsListChanged',
  'promptsListChanged',
  'resourcesListChanged',
])

const listenedUris = ({ notifications }: JsonObject): readonly unknown[] => {
  const uris = isJsonObject(notifications) ? notifications['resourceSubscriptions'] : undefined
  return Array.isArray(uris) ? uris : []
}

const isEmpty = (object: JsonObject): boolean => Object.keys(object).length === 0
