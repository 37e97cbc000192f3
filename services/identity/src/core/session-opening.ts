import type { Clock } from '@cordon/foundation'
import { makeSessionId } from '@cordon/foundation'
import type { Bundle, BundleSource } from '@cordon/policy'
import type { SessionOpened, Standing } from '@cordon/schemas'
import type { TokenIssuer } from '@cordon/tokens'

import type { SessionDecisions, SessionLog } from '../ports.ts'
import type { AbandonedSessions } from './abandoned-sessions.ts'
import { type Grants, grantTools } from './grant-tools.ts'
import { createPlacement } from './placement.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { HeldSession, SessionRequest } from './session-request.ts'
import { type IssuedTokens, issueTokens } from './session-tokens.ts'

export interface SessionOpeningPorts {
  readonly clock: Clock
  readonly bundles: BundleSource
  readonly log: SessionLog
  readonly decisions: SessionDecisions
  readonly issuer: TokenIssuer
  readonly abandoned: AbandonedSessions
  /** UUIDv7. @param now milliseconds since the Unix epoch */
  readonly newUuid: (now: number) => string
}

export interface SessionLimits {
  /** The longest life of a session. */
  readonly sessionLifeMs: number
  /** How long opening may take: until it is on record and its first decision is readable. */
  readonly openingTimeoutMs: number
}

/** Opens a session and waits for its first decision, so that no engine calls it unknown for long. */
export type OpenSession = (
  request: SessionRequest,
) => Promise<Answer<{ readonly session: HeldSession; readonly issued: IssuedTokens }>>

export const createSessionOpening = (ports: SessionOpeningPorts, limits: SessionLimits): OpenSession => {
  const { decisions } = ports
  const placement = createPlacement(decisions)

  const announce = async (session: HeldSession, value: SessionOpened): Promise<Answer<undefined>> => {
    const { sessionId } = session
    const opening: { isOnRecord?: boolean } = {}
    // Waiting begins before the record is out, or a quick answer would be missed; its limit covers the record, too.
    const first = decisions.expect(sessionId, limits.openingTimeoutMs)
    const record = async (): Promise<Standing | undefined> => {
      opening.isOnRecord = await ports.log.append(sessionId, { name: 'SessionOpened', value })
      if (!opening.isOnRecord) first.abandon()
      return first.arrived
    }
    const standing = await Promise.race([first.arrived, record()])
    if (standing === 'suspended')
      return refused('SESSION_SUSPENDED', 'session: expected to open in good standing, got suspended at once')
    if (standing !== undefined) return granted(undefined)
    ports.abandoned.abandon(sessionId, opening.isOnRecord === true)
    return notOpened(opening.isOnRecord, limits.openingTimeoutMs)
  }

  const openOn = async (
    partition: number,
    { human, agentId, role, platform, holder, conversationId }: SessionRequest,
    grants: Grants,
    bundleVersion: number,
  ): ReturnType<OpenSession> => {
    const now = ports.clock.now()
    const sessionId = makeSessionId(partition, ports.newUuid(now))
    const parties = { sessionId, human, agentId, role, platform }
    const session = { ...parties, holder, grants, endsAt: now + limits.sessionLifeMs }
    // Signed first and handed out last: what cannot be issued must not leave an open session behind.
    const issued = await issueTokens(ports.issuer, session, now)
    if (!issued.ok) return issued
    const opened = { ...parties, conversationId, intent: null, openedAt: now, bundleVersion }
    const announced = await announce(session, opened)
    return announced.ok ? granted({ session, issued: issued.value }) : announced
  }

  return async request => {
    const bundle = ports.bundles.current()
    if (bundle === undefined) return refused('BUNDLE_MISSING', 'bundle: expected a valid one, got none')
    if (!Object.hasOwn(bundle.roles, request.role)) return unknownRole(request.role, bundle)
    const grants = grantTools(request.tools, bundle.catalogue)
    if (!grants.ok) return grants
    if (ports.abandoned.isFull)
      return refused(
        'LOG_UNAVAILABLE',
        'session log: expected the ends of failed openings to be acknowledged, got too many that wait; is Kafka up?',
      )
    const partition = placement.take(bundle.failSafe.staleAfterMs)
    if (partition === undefined) return refused('LOG_UNAVAILABLE', 'partitions: expected some, got none')
    try {
      return await openOn(partition, request, grants.value, bundle.version)
    } finally {
      placement.release(partition)
    }
  }
}

/** @param isOnRecord `undefined`: the log did not answer in time */
const notOpened = (isOnRecord: boolean | undefined, limitMs: number): Answer<never> => {
  if (isOnRecord === true)
    return refused(
      'DECISION_MISSING',
      `first decision: expected one from a scorer within ${limitMs} ms, got none; is a scorer up?`,
    )
  const got = isOnRecord === false ? 'a fault, see the log of identity' : 'no answer'
  return refused(
    'LOG_UNAVAILABLE',
    `session log: expected the brokers to acknowledge the opening within ${limitMs} ms, got ${got}; is Kafka up?`,
  )
}

const unknownRole = (role: string, { roles }: Bundle): Answer<never> =>
  refused('ROLE_UNKNOWN', `role: expected one of ${Object.keys(roles).join(', ')}, got ${role}`)
