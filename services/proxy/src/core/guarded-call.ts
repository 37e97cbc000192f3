import { isPlainTask, mostUnjudgedBytes, type PlainTask } from '@cordon/engine-socket'

import { hasOnly } from './has-only.ts'
import type { Era } from './era.ts'
import { isJsonObject } from './json-rpc.ts'
import type { JsonObject, RpcRequest } from './json-rpc.ts'
import { without } from './without.ts'

/** A request that the engine has to authorise before anything of it is forwarded. */
export interface GuardedCall {
  readonly kind: 'guarded'
  /** The tool's own name; reading a resource and getting a prompt are calls of tools that every server has. */
  readonly tool: string
  readonly arguments: JsonObject
  /** What it says beside, with all digits; absent where that is nothing. */
  readonly rest?: JsonObject
  /** Its `_meta`, which no proof is of. */
  readonly meta?: unknown
  /** How a refusal has to look: only a plain tool call has a result that can say no. */
  readonly refusedBy: 'result' | 'error'
}

export interface InvalidCall {
  readonly kind: 'invalid'
  readonly problem: string
}

const longestName = 256

/** What a request of a client (`isClientMessage`) asks to be done, where it is one that does something. */
export const guardedCall = (request: RpcRequest, era: Era): GuardedCall | InvalidCall | undefined => {
  const known = knownParams[era]
  switch (request.method) {
    case 'tools/call':
      return toolCall(request.params, known.tool)
    case 'resources/read':
      return ruledCall(resourceTool, request.params, 'uri', known.resource)
    case 'prompts/get':
      return ruledCall(promptTool, request.params, 'name', known.prompt)
    default:
      return undefined
  }
}

const resourceTool = 'resources:read'
const promptTool = 'prompts:get'

/** The members that MCP defines for the params of a call, by era; a retry with what the server asked for is a call too. */
const knownParams: Readonly<
  Record<Era, Readonly<Record<'tool' | 'resource' | 'prompt', ReadonlySet<string>>>>
> = {
  sessionful: {
    tool: new Set(['name', 'arguments', 'task', '_meta']),
    resource: new Set(['uri', '_meta']),
    prompt: new Set(['name', 'arguments', '_meta']),
  },
  stateless: {
    tool: new Set(['name', 'arguments', 'inputResponses', 'requestState', '_meta']),
    resource: new Set(['uri', 'inputResponses', 'requestState', '_meta']),
    prompt: new Set(['name', 'arguments', 'inputResponses', 'requestState', '_meta']),
  },
}

const toolCall = (params: JsonObject, known: ReadonlySet<string>): GuardedCall | InvalidCall => {
  if (!hasOnly(params, known)) return strayParam(known)
  const { name, arguments: args = {}, _meta: _, ...rest } = params
  if (!isName(name)) return invalid(`params.name: expected 1 to ${longestName} characters, got another value`)
  // A tool of that name would be judged as something that it is not.
  if (name === resourceTool || name === promptTool) return invalid(`params.name: ${name} is reserved`)
  if (!isJsonObject(args)) return invalid('params.arguments: expected an object, got another value')
  // The client of a task reads no tool result in the answer.
  const refusedBy = rest['task'] === undefined ? 'result' : 'error'
  return { kind: 'guarded', tool: name, arguments: args, ...restOf(rest), ...metaOf(params), refusedBy }
}

const ruledCall = (
  tool: string,
  params: JsonObject,
  key: string,
  known: ReadonlySet<string>,
): GuardedCall | InvalidCall => {
  if (!hasOnly(params, known)) return strayParam(known)
  if (typeof params[key] !== 'string') return invalid(`params.${key}: expected a string, got another value`)
  const args = without(params, '_meta', 'inputResponses', 'requestState')
  const rest = without(params, '_meta', ...Object.keys(args))
  return { kind: 'guarded', tool, arguments: args, ...restOf(rest), ...metaOf(params), refusedBy: 'error' }
}

const metaOf = ({ _meta: meta }: JsonObject): Pick<GuardedCall, 'meta'> =>
  meta === undefined ? {} : { meta }

const restOf = (rest: JsonObject): Pick<GuardedCall, 'rest'> => {
  for (const _member in rest) return { rest }
  return {}
}

/**
 * Bytes of what a call tells its server beside its arguments, where that may be data: answers (MCP 2026-07-28), more in a task than it needs,
 * or much in `_meta` and headers, which nobody judges. `undefined` where it is none of these.
 * @param headerBytes of the headers that go with it
 */
export const answerBytesOf = (call: GuardedCall, headerBytes: number): number | undefined => {
  const { rest, meta } = call
  const others = headerBytes + bytesOf(meta)
  const hasAnswers = rest !== undefined && plainTaskOf(call) === undefined
  return hasAnswers || others > mostUnjudgedBytes ? others + bytesOf(rest) : undefined
}

/** The task that a call asks to become, where it says nothing else beside its arguments. */
export const plainTaskOf = ({ rest = {} }: GuardedCall): PlainTask | undefined => {
  const { task, ...others } = rest
  for (const _member in others) return undefined
  return isPlainTask(task) ? task : undefined
}

const bytesOf = (value: unknown): number =>
  value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value))

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longestName

const strayParam = (known: ReadonlySet<string>): InvalidCall =>
  invalid(`params: expected only ${[...known].join(', ')}, got another member`)

const invalid = (problem: string): InvalidCall => ({ kind: 'invalid', problem })
