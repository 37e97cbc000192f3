import { parseSecureUrl } from '@cordon/agent-client'
import { CordonError, faultInWords } from '@cordon/foundation'
import { z } from 'zod'

/** An open session, as identity tells operators of it. Times are ISO 8601. */
export interface OpenSession {
  readonly sessionId: string
  readonly human: string
  readonly agent: string
  readonly platform: string
  readonly standing: string
  /** The scope of the kill switch that stops it, where one does. */
  readonly revokedBy: string | null
  readonly openedAt: string
  readonly lastSeenAt: string
}

type OperatorErrorCode = 'IDENTITY_UNREACHABLE' | 'IDENTITY_ANSWER_MALFORMED' | 'OPERATOR_REFUSED'

const answerTimeoutMs = 30_000

const pageSchema = z.object({
  sessions: z.array(
    z.object({
      sessionId: z.string(),
      human: z.string(),
      agent: z.string(),
      platform: z.string(),
      standing: z.string(),
      revokedBy: z.string().nullable(),
      openedAt: z.string(),
      lastSeenAt: z.string(),
    }),
  ),
  next: z.int().optional(),
})

/**
 * Every open session, as it opened.
 * @param identity public URL; https, or http to this machine
 * @param secret the operators'
 * @throws AgentClientError `URL_INSECURE`
 * @throws CordonError `IDENTITY_UNREACHABLE`, `IDENTITY_ANSWER_MALFORMED`, `OPERATOR_REFUSED`
 */
export const openSessions = async (identity: string, secret: string): Promise<readonly OpenSession[]> => {
  const url = `${parseSecureUrl('identity', identity)}/sessions`
  const found: OpenSession[] = []
  for (let next: number | undefined = -1; next !== undefined;) {
    const page = pageSchema.safeParse(await ask(`${url}?after=${next}`, secret))
    if (!page.success)
      throw fault('IDENTITY_ANSWER_MALFORMED', `${url}: expected a list of sessions, got another answer`)
    found.push(...page.data.sessions)
    next = page.data.next
  }
  return found
}

const ask = async (url: string, secret: string): Promise<unknown> => {
  let response: Response
  try {
    response = await fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${secret}` },
      // The secret is for this service only.
      redirect: 'error',
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
  } catch (cause) {
    throw fault(
      'IDENTITY_UNREACHABLE',
      `${url.split('?', 1)[0]}: expected identity to answer, got ${faultInWords(reasonOf(cause))}; is Cordon running?`,
      cause,
    )
  }
  if (response.status === 401)
    throw fault('OPERATOR_REFUSED', `${url}: expected the operators' secret, got one that identity refuses`)
  if (response.status !== 200)
    throw fault('IDENTITY_UNREACHABLE', `${url}: expected status 200, got ${response.status}`)
  try {
    return await response.json()
  } catch {
    // No JSON is none of the forms that are expected.
    return undefined
  }
}

/** `fetch` wraps what the network said. */
const reasonOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? error.cause : error

const fault = (code: OperatorErrorCode, message: string, cause?: unknown): CordonError<OperatorErrorCode> =>
  new CordonError(code, message, { cause })
