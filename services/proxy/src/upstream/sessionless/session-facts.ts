import { latest, metaKey } from '../../core/era.ts'
import { errorCode } from '../../core/error-code.ts'
import type { Fault } from '../../core/fault.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RpcResponse } from '../../core/json-rpc.ts'
import type { Client } from '../../core/stateless/client.ts'
import { envelopeOf } from '../../core/stateless/envelope.ts'
import { initializeResult } from '../../core/stateless/translation.ts'
import { subscribedUrisProblem } from '../../core/subscribed-uris.ts'
import type { ChangeStream } from './change-stream.ts'

/** What an agent in a session says once, and what a server without sessions cannot answer. */
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

export const createSessionFacts = ({ changes, discover }: SessionFactsOptions): SessionFacts => {
  let client: Client = { info: {}, capabilities: {} }
  let capabilities: JsonObject = {}
  let logging: JsonObject = {}

  const initialize = async ({
    clientInfo,
    capabilities: declared,
    protocolVersion,
  }: JsonObject): Promise<Said> => {
    client = { info: objectOf(clientInfo), capabilities: objectOf(declared) }
    const discovered = await discover(envelopeOf(client))
    if ('detail' in discovered) return { fault: discovered }
    if (!isJsonObject(discovered.result)) return { fault: notDiscovered }
    const result = initializeResult(discovered.result, protocolVersion)
    capabilities = objectOf(result['capabilities'])
    return { result }
  }

  const done = Promise.resolve({ result: {} })

  const answers: Readonly<Record<string, (params: JsonObject) => Promise<Said>>> = {
    initialize,
    ping: () => done,
    'logging/setLevel'({ level }) {
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
    start: () => changes.start(capabilities),
  }
}

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})

const notDiscovered: Fault = {
  kind: 'malformed',
  detail: `expected an answer to server/discover (MCP ${latest.stateless}), got something else`,
}

const tooManyUris = { code: errorCode.invalidParams, message: `uri: ${subscribedUrisProblem}` }

const noTasks = {
  code: errorCode.methodNotFound,
  message: 'The tool server knows no sessions, and so no tasks.',
}
