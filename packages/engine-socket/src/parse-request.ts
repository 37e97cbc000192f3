import type { InvocationId } from '@cordon/foundation'
import { definitionDigestPattern, isJsonObject, jsonExcess } from '@cordon/foundation'
import { z } from 'zod'

import { EngineSocketError } from './engine-socket-error.ts'
import type {
  AdmitRequest,
  AuthorizeRequest,
  EngineRequest,
  OutcomeReport,
  SaidAs,
  VouchRequest,
} from './messages.ts'
import { isPlainTask, type PlainTask } from './plain-task.ts'

const maxTokenCharacters = 16 * 1024
const maxProofCharacters = 16 * 1024
const maxUrlCharacters = 2048
const maxNameCharacters = 256
const maxIdCharacters = 64
const maxEntities = 256
const maxEntityCharacters = 4096
/** 1024 bytes. */
const maxWordingCharacters = 1368
/** More tools of one server than a catalogue pins. */
const maxWithheld = 64
/** More than an enforcement point has open of one session: 256 requests, 1,000 tasks. */
const maxUnderWay = 2_000
/** Twice what the engine judges: what the proxy takes of an agent, and room for what stands around it. */
const maxItems = 20_500

type QuestionType = Exclude<EngineRequest['type'], 'outcome'>

/** A request that is wrong in itself but names its number: it is answered, and costs its neighbours nothing. */
export class RefusableRequest extends EngineSocketError {
  readonly type: QuestionType
  readonly request: number

  constructor(type: QuestionType, request: number, message: string) {
    super('MESSAGE_INVALID', message)
    this.type = type
    this.request = request
  }
}

const requestNumber = z.int().nonnegative()
const question = { request: requestNumber, follows: z.literal(true).exactOptional() }
const name = z.string().min(1).max(maxNameCharacters)
const token = z.string().max(maxTokenCharacters)
const proven = {
  token,
  proof: z.string().max(maxProofCharacters),
  htm: name,
  htu: z.string().min(1).max(maxUrlCharacters),
}

// Checked, never copied: `z.record` would drop a `__proto__` argument that the tool server is going to get.
const jsonObject = z.custom<Readonly<Record<string, unknown>>>(isJsonObject, 'expected a JSON object')

const invocationId = z.custom<InvocationId>(
  value => typeof value === 'string' && value.length > 0 && value.length <= maxIdCharacters,
  'expected an invocation id',
)

/** SHA-256 in base64url. */
const digest = z.string().regex(/^[\w-]{43}$/)

const authorizeSchema: z.ZodType<AuthorizeRequest> = z.object({
  type: z.literal('authorize'),
  ...question,
  ...proven,
  server: name,
  tool: name,
  arguments: jsonObject,
  restDigest: digest.exactOptional(),
  task: z.custom<PlainTask>(isPlainTask, 'expected a task that says how long it may last').exactOptional(),
  leftOutBytes: requestNumber.exactOptional(),
  answerBytes: requestNumber.exactOptional(),
  definition: z.string().regex(definitionDigestPattern).exactOptional(),
  definitionChanged: z.literal(true).exactOptional(),
})

const admitSchema: z.ZodType<AdmitRequest> = z.object({
  type: z.literal('admit'),
  ...question,
  ...proven,
  server: name,
  method: name,
  contentDigest: digest.exactOptional(),
  bytes: requestNumber.exactOptional(),
})

// The tool server names them: no problem may quote a name.
const answerIds = z.custom<Readonly<Record<string, string | number>>>(
  value =>
    isJsonObject(value) &&
    Object.values(value).every(id => typeof id === 'string' || Number.isSafeInteger(id)),
  'expected ids by name',
)

const saidAs: z.ZodType<SaidAs> = z.strictObject({
  inputResponse: z.strictObject({ name: z.string(), requestState: z.string() }).exactOptional(),
  answerIds: answerIds.exactOptional(),
  listening: jsonObject.exactOptional(),
})

const vouchSchema: z.ZodType<VouchRequest> = z.object({
  type: z.literal('vouch'),
  ...question,
  token,
  server: name,
  method: name.exactOptional(),
  invocationId: invocationId.exactOptional(),
  content: jsonObject.exactOptional(),
  leftOutBytes: requestNumber.exactOptional(),
  definition: z.string().regex(definitionDigestPattern).exactOptional(),
  definitionChanged: z.literal(true).exactOptional(),
  saidAs: saidAs.exactOptional(),
  underWay: z.array(name).max(maxUnderWay).exactOptional(),
  withheld: z.array(name).max(maxWithheld).exactOptional(),
})

const outcomeSchema: z.ZodType<OutcomeReport> = z.object({
  type: z.literal('outcome'),
  invocationId,
  outcome: z.enum(['ok', 'error', 'cancelled', 'timeout']),
  resultBytes: requestNumber,
  resultDigest: z.string().regex(/^[0-9a-f]{64}$/),
  entities: z
    .array(
      z.object({
        kind: z.enum(['other', 'email', 'url', 'host', 'account', 'path', 'identifier']),
        value: z.string().max(maxEntityCharacters),
      }),
    )
    .max(maxEntities),
  entitiesOverflow: z.boolean(),
  // Enforcement points that were built before it say nothing.
  wording: z.base64().max(maxWordingCharacters).default(''),
  call: z.object({ token, server: name, tool: name }).exactOptional(),
})

const addressed = z.object({ type: z.enum(['authorize', 'admit', 'vouch']), request: requestNumber })

const schemaByType: Readonly<Record<EngineRequest['type'], z.ZodType<EngineRequest>>> = {
  authorize: authorizeSchema,
  admit: admitSchema,
  vouch: vouchSchema,
  outcome: outcomeSchema,
}

const parseJson = (text: string): unknown => {
  // Each item costs many times what its text does; a frame that cannot hold so many is not looked through.
  if (jsonExcess(text, { levels: Number.POSITIVE_INFINITY, items: maxItems }) !== undefined) {
    throw new EngineSocketError(
      'MESSAGE_INVALID',
      `request: expected at most ${maxItems} members and items, got more`,
    )
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new EngineSocketError('MESSAGE_INVALID', 'request: expected JSON, got other text', { cause: error })
  }
}

const typeOf = (message: unknown): EngineRequest['type'] | undefined => {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined
  const { type } = message
  return typeof type === 'string' && Object.hasOwn(schemaByType, type)
    ? (type as EngineRequest['type'])
    : undefined
}

/**
 * A frame's text as a request.
 * @throws RefusableRequest where the request can be answered with a refusal; EngineSocketError `MESSAGE_INVALID` where the
 * peer does not speak this protocol
 */
export const parseRequest = (text: string): EngineRequest => {
  const message = parseJson(text)
  const type = typeOf(message)
  if (type === undefined) {
    throw new EngineSocketError(
      'MESSAGE_INVALID',
      'request: expected authorize, admit, vouch or outcome, got another',
    )
  }
  const parsed = schemaByType[type].safeParse(message)
  if (parsed.success) return parsed.data
  // The paths and expectations only: zod's text of an issue never quotes the value.
  const problem = parsed.error.issues
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
    .join('; ')
  const address = addressed.safeParse(message)
  if (address.success) throw new RefusableRequest(address.data.type, address.data.request, problem)
  throw new EngineSocketError('MESSAGE_INVALID', `${type}: ${problem}`)
}
