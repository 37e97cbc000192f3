import { latest, metaKey } from '../../core/era.ts'
import { errorCode } from '../../core/error-code.ts'
import type { Fault } from '../../core/fault.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RpcResponse } from '../../core/json-rpc.ts'
import { briefInfo, type Client } from '../../core/stateless/client.ts'
import { envelopeOf } from '../../core/stateless/envelope.ts'
import { initializeResult } from '../../core/stateless/translation.ts'
import { subscribedUrisProblem } from '../../core/subscribed-uris.ts'
import { toldLists, type ChangeStream, type ToldLists } from './change-stream.ts'

/** What an agent in a session says once, and what a server without sessions cannot answer. Bounded: it is kept as long as the session, and stands in each request. */
export interface SessionFacts {
  /** What each request has to say instead. */
  readonly envelope: JsonObject
  /** @returns `undefined` where the request is the server's business */
  answer(method: string, params: JsonObject): Promise<Said> | undefined
  /** The agent is ready for what the server tells. */
  start(): void
}

export type Said = { readonly result: unknown } | { readonly error: unknown } | { readonly fault: Fault }

export interface SessionFactsOptions {
  readonly changes: ChangeStream
  readonly discover: (envelope: JsonObject) => Promise<RpcResponse | Fault>
}

/** Of what a client declares, as JSON: official ones need some hundred. More cannot be left out, since a server would not ask what it may. */
const maxCapabilityCharacters = 8 * 1024

/** RFC 5424 §6.2.1, in the words of MCP. */
const logLevels: ReadonlySet<unknown> = new Set([
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
])

export const createSessionFacts = ({ changes, discover }: SessionFactsOptions): SessionFacts => {
  let client: Client = { info: {}, capabilities: {} }
  let lists: ToldLists = {}
  let logging: JsonObject = {}

  const initialize = async ({
    clientInfo,
    capabilities: declared,
    protocolVersion,
  }: JsonObject): Promise<Said> => {
    const capabilities = objectOf(declared)
    if (JSON.stringify(capabilities).length > maxCapabilityCharacters) return { error: tooManyCapabilities }
    client = { info: briefInfo(clientInfo), capabilities }
    const discovered = await discover(envelopeOf(client))
    if ('detail' in discovered) return { fault: discovered }
    if (!isJsonObject(discovered.result)) return { fault: notDiscovered }
    const result = initializeResult(discovered.result, protocolVersion)
    lists = toldLists(objectOf(result['capabilities']))
    return { result }
  }

  const done = Promise.resolve({ result: {} })

  const answers: Readonly<Record<string, (params: JsonObject) => Promise<Said>>> = {
    initialize,
    ping: () => done,
    'logging/setLevel'({ level }) {
      if (!logLevels.has(level)) return Promise.resolve({ error: levelUnknown })
      logging = { [metaKey.logLevel]: level }
      return done
    },
    'resources/subscribe'({ uri }) {
      return changes.subscribe(uri) ? done : Promise.resolve({ error: tooManyUris })
    },
    'resources/unsubscribe'({ uri }) {
      changes.unsubscribe(String(uri))
      return done
    },
  }

  return {
    get envelope() {
      return { ...envelopeOf(client), ...logging }
    },
    answer(method, params) {
      if (method.startsWith('tasks/')) return Promise.resolve({ error: noTasks })
      return Object.hasOwn(answers, method) ? answers[method]!(params) : undefined
    },
    start: () => changes.start(lists),
  }
}

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})

const notDiscovered: Fault = {
  kind: 'malformed',
  detail: `expected an answer to server/discover (MCP ${latest.stateless}), got something else`,
}

const tooManyCapabilities = {
  code: errorCode.invalidParams,
  message: `params.capabilities: expected at most ${maxCapabilityCharacters} characters of JSON, got more`,
}

const levelUnknown = {
  code: errorCode.invalidParams,
  message: `params.level: expected one of ${[...logLevels].join(', ')}, got another value`,
}

const tooManyUris = { code: errorCode.invalidParams, message: `uri: ${subscribedUrisProblem}` }

const noTasks = {
  code: errorCode.methodNotFound,
  message: 'The tool server knows no sessions, and so no tasks.',
}
