import type { Clock } from '@cordon/foundation'
import { makeSessionId } from '@cordon/foundation'
import type { Bundle, BundleSource } from '@cordon/policy'
import type { SessionOpened } from '@cordon/schemas'
import type { TokenIssuer } from '@cordon/tokens'

import type { SessionDecisions, SessionLog } from '../ports.ts'
import { type Grants, grantTools } from './grant-tools.ts'
import { createPlacement } from './placement.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { SessionEndings } from './session-endings.ts'
import type { HeldSession, SessionRequest } from './session-request.ts'
import { type IssuedTokens, issueTokens } from './session-tokens.ts'

export interface SessionOpeningPorts {
  readonly clock: Clock
  readonly bundles: BundleSource
  readonly log: SessionLog
  readonly decisions: SessionDecisions
  readonly issuer: TokenIssuer
  readonly endings: SessionEndings
  /** UUIDv7. @param now milliseconds since the Unix epoch */
  readonly newUuid: (now: number) => string
}

export interface SessionLimits {
  /** The longest life of a session. */
  readonly sessionLifeMs: number
  /** How long opening waits for the first decision. */
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
    // Waiting begins before the record is out, or a quick answer would be missed.
    const first = decisions.expect(sessionId, limits.openingTimeoutMs)
    if (!(await ports.log.append(sessionId, { name: 'SessionOpened', value }))) {
      first.abandon()
      return refused('LOG_UNAVAILABLE', 'session log: expected an acknowledgement, got none')
    }
    const standing = await first.arrived
    if (standing === 'suspended')
      return refused('SESSION_SUSPENDED', 'session: expected to open in good standing, got suspended at once')
    if (standing !== undefined) return granted(undefined)
    await ports.endings.write(sessionId, 'abandoned')
    const limit = `${limits.openingTimeoutMs} ms`
    return refused(
      'DECISION_MISSING',
      `first decision: expected one within ${limit}, got none; is a scorer up?`,
    )
  }

  const openOn = async (
    partition: number,
    { human, agentId, role, platform, conversationId }: SessionRequest,
    grants: Grants,
    bundleVersion: number,
  ): ReturnType<OpenSession> => {
    const now = ports.clock.now()
    const sessionId = makeSessionId(partition, ports.newUuid(now))
    const parties = { sessionId, human, agentId, role, platform }
    const session = { ...parties, grants, endsAt: now + limits.sessionLifeMs }
    // Signed first and handed out last: what cannot be issued must not leave an open session behind.
    const issued = await issueTokens(ports.issuer, session, now)
    if (!issued.ok) return issued
    const announced = await announce(session, { ...parties, conversationId, openedAt: now, bundleVersion })
    return announced.ok ? granted({ session, issued: issued.value }) : announced
  }

  return async request => {
    const bundle = ports.bundles.current()
    if (bundle === undefined) return refused('BUNDLE_MISSING', 'bundle: expected a valid one, got none')
    if (!Object.hasOwn(bundle.roles, request.role)) return unknownRole(request.role, bundle)
    const grants = grantTools(request.tools, bundle.catalogue)
    if (!grants.ok) return grants
    const partition = placement.take(bundle.failSafe.staleAfterMs)
    if (partition === undefined) return refused('LOG_UNAVAILABLE', 'partitions: expected some, got none')
    try {
      return await openOn(partition, request, grants.value, bundle.version)
    } finally {
      placement.release(partition)
    }
  }
}

const unknownRole = (role: string, { roles }: Bundle): Answer<never> =>
  refused('ROLE_UNKNOWN', `role: expected one of ${Object.keys(roles).join(', ')}, got ${role}`)
