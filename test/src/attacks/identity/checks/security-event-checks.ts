import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const signedStatementFile = 'services/identity/src/adapters/humans/signed-statement.ts'
const keptValuesFile = 'services/identity/src/core/kept-values.ts'
const addSessionsFile = 'services/identity/src/adapters/store/add-sessions.ts'
const judgeSecurityEventFile = 'services/identity/src/core/humans/judge-security-event.ts'
const securityEventReceiverFile = 'services/identity/src/adapters/humans/security-event-receiver.ts'

const inSecurityEvents = attacksIn('security-events.test.ts')

/** Of what providers push: that humans are gone. */
export const securityEventChecks: readonly AttackedCheck[] = [
  inSecurityEvents(
    'a session that its provider ended stops, whatever fractions the times of the event have',
    'fractions in the times of a security event',
    keptValuesFile,
    'Math.floor(seconds * 1000)',
    'seconds * 1000',
  ),
  inSecurityEvents(
    'a session that its provider ended by user and session stops, though its ID token names no session',
    'log-outs count for sessions without a sid',
    addSessionsFile,
    "coalesce(s.human_session, '${unnamedSession}')",
    's.human_session',
  ),
  inSecurityEvents(
    'rejects a forged security event',
    'signature of a security event',
    signedStatementFile,
    'await compactVerify(text, keys.of(issuer, provider), { algorithms: [...provider.algorithms] })',
    'void compactVerify',
  ),
  inSecurityEvents(
    'rejects a security event for another audience',
    'audience of a security event',
    judgeSecurityEventFile,
    "if (!audiences.some(audience => typeof audience === 'string' && receivers.includes(audience)))",
    'if (audiences.length === 0)',
  ),
  inSecurityEvents(
    'rejects a security event about humans of another provider',
    'issuer of the subject of a security event',
    judgeSecurityEventFile,
    "return user['iss'] === issuer",
    "return user['iss']",
  ),
  inSecurityEvents(
    'rejects a security event that names nobody, and would mean everybody',
    'subject of a security event',
    judgeSecurityEventFile,
    "if (named.length === 0) return refuse('invalid_request', 'sub_id: expected a user or a session in it')",
  ),
  inSecurityEvents(
    'rejects an ID token as a security event',
    'typ of a security event',
    judgeSecurityEventFile,
    "return refuse('invalid_request', 'typ: expected secevent+jwt')",
    ';',
  ),
  inSecurityEvents(
    'rejects a security event that could be taken for another kind of token',
    'a security event has no exp and no sub',
    judgeSecurityEventFile,
    "if (claims['exp'] !== undefined || claims['sub'] !== undefined)",
    "if (claims['exp'] === null)",
  ),
  inSecurityEvents(
    'rejects an old security event',
    'age of a security event',
    judgeSecurityEventFile,
    'age < -clockSkewSeconds || age > maxAgeSeconds',
    'age < -clockSkewSeconds',
  ),
  inSecurityEvents(
    'rejects a replayed security event: the session of a human who logged in again goes on',
    'one use of a security event',
    securityEventReceiverFile,
    "if (known.length > 0) return accept('repeated')",
  ),
]
