import type { IncomingMessage } from 'node:http'

import { z } from 'zod'

import type { PublishedKey } from '../core/key-plan.ts'
import type { keptTextFault } from '../core/kept-values.ts'
import type { isRevocationScope, RevocationTarget } from '../core/revocation-target.ts'
import type { IdentityEvents } from '../events.ts'
import { faultAnswer, type HttpAnswer, onlyAllowed } from './http-answer.ts'
import type { KeyRing } from './keys/key-ring.ts'
import { readJson } from './request-body.ts'
import type { KillSwitch } from './revocations/kill-switch.ts'
import type { SessionList } from './session-list.ts'

/** Whoever shows the operators' secret; roles tell them apart later. */
const operator = 'operator'

export interface OperatorRoutes {
  /** @returns `undefined` where the path is none of these */
  answer(request: IncomingMessage, path: string): Promise<HttpAnswer> | HttpAnswer | undefined
}

/** What operators do: see who is at work, throw the kill switch and take it back, rotate keys. */
export const createOperatorRoutes = (options: {
  readonly killSwitch: KillSwitch
  readonly keys: KeyRing
  readonly isSecretShown: (authorization: string | undefined) => boolean
  readonly events: IdentityEvents
  /** Whom and what a scope names here and now. */
  readonly targetOf: (scope: string) => Promise<RevocationTarget>
  readonly sessions: SessionList
  readonly rules: {
    readonly isRevocationScope: typeof isRevocationScope
    readonly keptTextFault: typeof keptTextFault
  }
}): OperatorRoutes => {
  const { killSwitch, keys, events, rules } = options

  const schema = z.strictObject({
    scope: z.string().refine(rules.isRevocationScope, { error: ({ input }) => scopeFault(String(input)) }),
    reason: z
      .string()
      .trim()
      .superRefine((text, context) => {
        const message = rules.keptTextFault(text)
        if (message !== undefined) context.addIssue({ code: 'custom', message })
      }),
    force: z.boolean().optional(),
  })

  const revoke = async ({ scope, reason, force }: z.infer<typeof schema>): Promise<HttpAnswer> => {
    const { isKnown, ...target } = await options.targetOf(scope)
    // Said to be done, and nobody stopped: that is how a slip of the pen looks at a kill switch.
    if (!isKnown && force !== true)
      return faultAnswer(
        'SCOPE_UNKNOWN',
        `scope: expected one of the bundle or of an open session, got ${scope}; "force": true revokes it all the same`,
      )
    const decided = await decide(scope, true, reason)
    return decided.status === 201 ? { ...decided, body: { scope, ...target } } : decided
  }

  const decide = async (scope: string, active: boolean, reason: string): Promise<HttpAnswer> => {
    const isOut = await killSwitch.decide({ scope, active, by: operator, reason })
    events.revocationDecided(scope.slice(0, scope.indexOf(':')), active)
    if (isOut) return { status: active ? 201 : 200 }
    return {
      status: 503,
      body: {
        error: 'LOG_UNAVAILABLE',
        message:
          'revocation: expected the brokers to acknowledge it, got no answer; it is kept, and goes out when they do',
      },
      headers: { 'retry-after': '1' },
    }
  }

  const revocations = async (request: IncomingMessage): Promise<HttpAnswer> => {
    if (request.method === 'GET')
      return { status: 200, body: { revocations: killSwitch.list().map(withoutKey) } }
    if (request.method !== 'POST') return onlyAllowed('GET, POST', request.method ?? '')
    const body = await readJson(request, schema)
    return body.ok ? revoke(body.value) : body.answer
  }

  const lift = async (request: IncomingMessage, text: string): Promise<HttpAnswer> => {
    if (request.method !== 'DELETE') return onlyAllowed('DELETE', request.method ?? '')
    const scope = decoded(text)
    if (scope === undefined || !rules.isRevocationScope(scope))
      return faultAnswer('SCOPE_MALFORMED', `scope: ${scopeFault(scope ?? text)}`)
    if (!killSwitch.active().has(scope))
      return faultAnswer('NOT_FOUND', `scope: expected one that is revoked, got another`)
    // A session may have ended meanwhile: there is nobody left to go on. Asked before it is lifted, since a fault has to mean that nothing is.
    const { openSessions } = await options.targetOf(scope)
    const lifted = await decide(scope, false, 'lifted')
    return lifted.status === 200 ? { ...lifted, body: { scope, openSessions } } : lifted
  }

  const list = (request: IncomingMessage): Promise<HttpAnswer> | HttpAnswer => {
    if (request.method !== 'GET') return onlyAllowed('GET', request.method ?? '')
    const [, query = ''] = (request.url ?? '').split('?', 2)
    return options.sessions(new URLSearchParams(query))
  }

  const rotate = async (request: IncomingMessage): Promise<HttpAnswer> => {
    if (request.method !== 'POST') return onlyAllowed('POST', request.method ?? '')
    const isMade = await keys.rotate()
    if (isMade) events.keyMade()
    return { status: isMade ? 201 : 200, body: { isMade, keys: keys.timetable().map(inIsoTime) } }
  }

  return {
    answer: (request, path) => {
      const run = ((): (() => Promise<HttpAnswer> | HttpAnswer) | undefined => {
        if (path === '/revocations') return () => revocations(request)
        if (path.startsWith('/revocations/')) return () => lift(request, path.slice('/revocations/'.length))
        if (path === '/sessions') return () => list(request)
        if (path === '/keys/rotate') return () => rotate(request)
        return undefined
      })()
      if (run === undefined) return undefined
      if (options.isSecretShown(request.headers.authorization)) return run()
      return faultAnswer(
        'SECRET_WRONG',
        "authorization: expected the operators' secret, got another or none",
        {
          'www-authenticate': 'Bearer',
        },
      )
    },
  }
}

/** Of what was got as much as any scope has. */
const longestShown = 300

const scopeFault = (got: string): string =>
  'expected agent:…, human:…, platform:…, tool:<server>/<tool or *>, session:<id>, grant:… or everything:*, ' +
  `got ${got.slice(0, longestShown)}`

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    // Any text may stand in a path.
    return undefined
  }
}

const inIsoTime = ({ keyId, turn, signsFrom, publishedUntil }: PublishedKey) => ({
  keyId,
  turn,
  signsFrom: iso(signsFrom),
  ...(publishedUntil !== undefined && { publishedUntil: iso(publishedUntil) }),
})

const iso = (at: number): string => new Date(at).toISOString()

const withoutKey = ({
  scope,
  active,
  version,
  by,
  reason,
  revokedFor,
  decidedAt,
}: ReturnType<KillSwitch['list']>[number]) => ({
  scope,
  active,
  version,
  by,
  reason,
  ...(revokedFor !== undefined && { revokedFor }),
  decidedAt: iso(decidedAt),
})
