import { z } from 'zod'

// Security Event Tokens (RFC 8417) with the CAEP event session-revoked (OpenID CAEP 1.0 §3.1) about a subject (RFC 9493):
// the names stand here and nowhere else.

/** `typ` of its header (RFC 8417 §2.3). */
export const securityEventType = 'secevent+jwt'

const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'

const text = z.string().min(1).max(1024)
const seconds = z.number().int().positive()

const user = z.strictObject({ format: z.literal('iss_sub'), iss: text, sub: text })
const session = z.strictObject({ format: z.literal('opaque'), id: text })

// A member that narrows the subject in a way that nothing here can tell apart (device, tenant …) is passed over: more
// sessions end than had to, never fewer.
const complex = z
  .object({ format: z.literal('complex'), user: user.optional(), session: session.optional() })
  .refine(subject => subject.user !== undefined || subject.session !== undefined)

/** `exp` and `sub` have no place in such a token (Shared Signals 1.0 §4.1): one that has them is of another kind. */
export const sessionRevokedSchema: z.ZodType<SessionRevokedClaims> = z.object({
  iss: text,
  jti: text,
  iat: seconds,
  aud: z.union([text.transform(audience => [audience]), z.array(text).min(1).max(16)]),
  sub_id: z.discriminatedUnion('format', [user, session, complex]),
  events: z.strictObject({ [sessionRevoked]: z.object({ event_timestamp: seconds.optional() }) }),
  exp: z.never().optional(),
  sub: z.never().optional(),
})

export interface SessionRevokedClaims {
  readonly iss: string
  readonly jti: string
  readonly iat: number
  readonly aud: readonly string[]
  readonly sub_id: UserClaims | SessionSubjectClaims | ComplexClaims
  readonly events: Readonly<Record<typeof sessionRevoked, { readonly event_timestamp?: number | undefined }>>
}

interface UserClaims {
  readonly format: 'iss_sub'
  readonly iss: string
  readonly sub: string
}

interface SessionSubjectClaims {
  readonly format: 'opaque'
  readonly id: string
}

interface ComplexClaims {
  readonly format: 'complex'
  readonly user?: UserClaims | undefined
  readonly session?: SessionSubjectClaims | undefined
}

/** Seconds since the Unix epoch; when the session ended where the event says so, or else when it was told. */
export const revokedAtOf = (claims: SessionRevokedClaims): number =>
  claims.events[sessionRevoked].event_timestamp ?? claims.iat

/** Whom and what it is about; at least one of both. */
export const subjectOf = ({
  sub_id: subject,
}: SessionRevokedClaims): { user?: { issuer: string; subject: string }; session?: string } => {
  const { user, session } =
    subject.format === 'complex'
      ? subject
      : subject.format === 'iss_sub'
        ? { user: subject, session: undefined }
        : { user: undefined, session: subject }
  return {
    ...(user !== undefined && { user: { issuer: user.iss, subject: user.sub } }),
    ...(session !== undefined && { session: session.id }),
  }
}
