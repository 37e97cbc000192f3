import { parseSecureUrl } from '@cordon/agent-client'
import { CordonError, faultInWords, readBounded } from '@cordon/foundation'
import { z } from 'zod'

/** What operators may ask of identity (services/identity/README.md). */
export interface OperatorRequest<Body> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With a query, where it has one. */
  readonly path: string
  /** JSON. */
  readonly body?: object
  /** What is answered where it is done. */
  readonly answer: z.ZodType<Body>
}

/** Identity, as operators ask it. */
export interface IdentityClient {
  /** @throws CordonError `IDENTITY_UNREACHABLE`, `IDENTITY_ANSWER_MALFORMED`, `OPERATOR_REFUSED`, `REQUEST_REFUSED` */
  ask<Body>(request: OperatorRequest<Body>): Promise<Body>
}

type OperatorErrorCode =
  'IDENTITY_UNREACHABLE' | 'IDENTITY_ANSWER_MALFORMED' | 'OPERATOR_REFUSED' | 'REQUEST_REFUSED'

/** Identity looked at the request, and does not do what it asks, or not yet. */
export class RequestRefused extends CordonError<OperatorErrorCode> {
  /** Identity's own code. */
  readonly reason: string

  constructor(reason: string, message: string) {
    super('REQUEST_REFUSED', message)
    this.reason = reason
  }
}

const answerTimeoutMs = 30_000
/** 16 MiB: ten thousand revocations with the longest reasons; sessions come in pages. */
const longestAnswerBytes = 16 * 1024 * 1024

const refusalSchema = z.object({ error: z.string(), message: z.string() })

/**
 * @param identity public URL; https, or http to this machine
 * @param secret the operators'
 * @throws AgentClientError `URL_INSECURE`
 */
export const createIdentityClient = (identity: string, secret: string): IdentityClient => {
  const base = parseSecureUrl('identity', identity)
  return {
    ask: async ({ method, path, body, answer }) => {
      const url = `${base}${path}`
      const { status, text } = await send(url, secret, { method, body })
      if (status === 401)
        throw fault(
          'OPERATOR_REFUSED',
          `${url}: expected the operators' secret, got one that identity refuses; is another stack running at this address? ` +
            '--data names its folder, --secret-file its secret',
        )
      if (status < 200 || status > 299) throw refusalOf(url, status, text)
      const parsed = answer.safeParse(parseJson(text))
      if (parsed.success) return parsed.data
      throw fault('IDENTITY_ANSWER_MALFORMED', `${url}: expected an answer of identity, got another`)
    },
  }
}

const send = async (
  url: string,
  secret: string,
  { method, body }: { readonly method: string; readonly body: object | undefined },
): Promise<{ readonly status: number; readonly text: string }> => {
  const tooLong = (problem: string): Error => fault('IDENTITY_ANSWER_MALFORMED', `${url}: ${problem}`)
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${secret}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      // The secret is for this service only.
      redirect: 'error',
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    return {
      status: response.status,
      text: await readBounded(response.body, longestAnswerBytes, tooLong),
    }
  } catch (cause) {
    if (cause instanceof CordonError) throw cause
    throw fault(
      'IDENTITY_UNREACHABLE',
      `${url.split('?', 1)[0]}: expected identity to answer, got ${inWords(cause)}; is Cordon running?`,
      cause,
    )
  }
}

const refusalOf = (url: string, status: number, text: string): CordonError<OperatorErrorCode> => {
  const { data } = refusalSchema.safeParse(parseJson(text))
  return data === undefined
    ? fault('IDENTITY_UNREACHABLE', `${url}: expected status 200, got ${status}; is this identity?`)
    : new RequestRefused(data.error, data.message)
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is none of the forms that are expected, but where nothing is.
    return undefined
  }
}

/** `fetch` wraps what the network said. */
const inWords = (error: unknown): string => {
  const reason = error instanceof Error && error.cause !== undefined ? error.cause : error
  return (reason instanceof Error ? uncoded.get(reason.message) : undefined) ?? faultInWords(reason)
}

// What `fetch` (https://fetch.spec.whatwg.org) refuses by itself has no code. Other messages may quote what was sent.
const uncoded: ReadonlyMap<string, string> = new Map([
  ['bad port', 'a port that HTTP clients do not connect to, since other protocols have it'],
  ['unexpected redirect', 'a redirect to another address'],
])

const fault = (code: OperatorErrorCode, message: string, cause?: unknown): CordonError<OperatorErrorCode> =>
  new CordonError(code, message, { cause })
