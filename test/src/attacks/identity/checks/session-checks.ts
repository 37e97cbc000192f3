import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const judgeSessionFile = 'services/identity/src/core/judge-session.ts'
const subjectOfBasisFile = 'services/identity/src/core/subject-of-basis.ts'
const judgeRenewalFile = 'services/identity/src/core/judge-renewal.ts'
const tokenRequestFile = 'services/identity/src/adapters/token-request.ts'
const closeSessionFile = 'services/identity/src/core/close-session.ts'
const renewFile = 'services/identity/src/core/renew.ts'
const signedStatementFile = 'services/identity/src/adapters/humans/signed-statement.ts'
const judgeIdTokenFile = 'services/identity/src/core/humans/judge-id-token.ts'
const strictJsonFile = 'packages/tokens/src/strict-json.ts'
const addSessionsFile = 'services/identity/src/adapters/store/add-sessions.ts'

const inRenewals = attacksIn('renewals.test.ts')
const inHumanTokens = attacksIn('human-tokens.test.ts')

/** Of sessions that go on, and of what providers say. */
export const sessionChecks: readonly AttackedCheck[] = [
  inRenewals(
    'rejects a stolen refresh token: the thief has another key',
    'key of a session',
    judgeRenewalFile,
    'if (stored.session.holder !== facts.holder)',
    'if (facts.holder === undefined)',
  ),
  inRenewals(
    'rejects the end of a session by whoever stole its refresh token',
    'key of whoever ends a session',
    closeSessionFile,
    'if (session.holder !== proven.value.holder)',
    'if (session.holder === undefined)',
  ),
  inRenewals(
    'rejects a suspended session renewing',
    'suspended sessions do not renew',
    judgeRenewalFile,
    "if (standing === 'suspended')",
    'if (standing === undefined)',
  ),
  inRenewals(
    'rejects an ended session renewing',
    'ended sessions do not renew',
    judgeRenewalFile,
    "  standing === 'ended' ||\n",
  ),
  inRenewals(
    'rejects a revoked session renewing',
    'revoked sessions do not renew',
    judgeSessionFile,
    '  nothingIsRevoked,\n',
  ),
  inRenewals(
    'rejects a session renewing whose tool the kill switch took away',
    'revoked tools are not renewed',
    judgeSessionFile,
    'revoked: tool => isToolRevoked(revocations, tool),',
    'revoked: () => false,',
  ),
  inRenewals(
    'rejects renewal with a manifest that changed since the opening',
    'manifest of a session',
    judgeRenewalFile,
    'if (agent.manifestHash !== session.agent.provenance.manifestHash)',
    'if (agent.manifestHash === undefined)',
  ),
  inRenewals(
    'rejects renewal by other code than opened the session, also code that is vouched for',
    'code of a session',
    judgeRenewalFile,
    'if (agent.attestation.codeDigest !== session.agent.posture.codeDigest)',
    'if (agent.attestation.codeDigest === undefined)',
  ),
  inRenewals(
    'rejects renewal without an attestation',
    'attestation of a renewal',
    judgeRenewalFile,
    "return refused('ACTOR_REFUSED', 'actor_token: expected a fresh attestation, got none')",
    'return undefined',
  ),
  inRenewals(
    'rejects renewal for a server that the session has no tools of',
    'servers of a session',
    judgeSessionFile,
    'tools.some(tool => serverOf(tool) === server)',
    'tools !== undefined',
  ),
  inRenewals(
    'rejects renewal of tools that the deployer no longer allows',
    'deployer of a session',
    judgeSessionFile,
    '{ by: `the deployer ${manifest.deployer}`, tools: deployer?.tools ?? [] },',
  ),
  inRenewals(
    'rejects renewal for a human whose provider is no longer trusted',
    'voucher of a session',
    subjectOfBasisFile,
    'if (provider?.audiences.includes(basis.client) !== true)',
    'if (provider === undefined)',
  ),
  inRenewals(
    'rejects renewal of tools that the bundle in force no longer entitles the human to',
    'entitlements at renewal',
    subjectOfBasisFile,
    'bounds: [{ by: `the human ${human.human}`, tools: human.tools }],',
    'bounds: [],',
  ),
  inRenewals(
    'rejects renewal for a human whose clearance the bundle in force lowered',
    'clearance at renewal',
    judgeRenewalFile,
    ' && subject.clearance >= clearance',
  ),
  inRenewals(
    'rejects renewal while nobody can tell whether the session is suspended',
    'age of decisions',
    judgeRenewalFile,
    'return decisionsStaleMs <= staleAfterMs',
    'return decisionsStaleMs',
  ),
  inRenewals(
    'rejects an intent widened at renewal: a hijacked agent says what its human asked for',
    'intent at renewal',
    tokenRequestFile,
    "if (form.has('declared_intent'))",
    "if (form.has('intent'))",
  ),
  inRenewals(
    'rejects a replayed renewal',
    'one use of a renewal’s proof',
    renewFile,
    "if (renewed === 'PROOF_REPLAYED') return replayed",
  ),
  inRenewals(
    'rejects a sub-agent renewing whose parent is suspended or over',
    'standing of a parent: suspended',
    judgeRenewalFile,
    "if (ancestorStandings.includes('suspended'))",
    "if (ancestorStandings.includes('unknown'))",
  ),
  inRenewals(
    'rejects a sub-agent renewing whose parent is suspended or over',
    'standing of a parent: ended',
    judgeRenewalFile,
    " ||\n  ancestorStandings.includes('ended')\n",
    '\n',
  ),
  inHumanTokens(
    'rejects an ID token that another key signed, under the provider’s kid',
    'signature of an ID token',
    signedStatementFile,
    'await compactVerify(text, keys.of(issuer, provider), { algorithms: [...provider.algorithms] })',
    'void compactVerify',
  ),
  inHumanTokens(
    'rejects an ID token for another client, or for another one as well',
    'audience of an ID token',
    judgeIdTokenFile,
    "if (audiences.length === 0 || !audiences.every(isOurs)) return 'aud: expected ours alone, got another'",
  ),
  inHumanTokens(
    'rejects an expired ID token',
    'end of an ID token',
    judgeIdTokenFile,
    "if (exp <= nowSeconds) return 'exp: expected later than now'",
  ),
  inHumanTokens(
    'rejects an unexpired ID token of a human who is gone at the provider',
    'a human is signed in at an exchange',
    'services/identity/src/core/identify-subject.ts',
    'if (!identified.ok || (await ports.humans.isSignedIn(identified.value.subject))) return identified',
    'return identified',
  ),
  inHumanTokens(
    'rejects a flood of sessions with one ID token',
    'open sessions of a human',
    'services/identity/src/adapters/store/open-counts.ts',
    'humans > each.limits.sessionsPerHuman',
    'humans < 0',
  ),
  inHumanTokens(
    'rejects a flood of exchanges for one human, and goes on for others',
    'exchanges of a human',
    'services/identity/src/core/exchange.ts',
    'if (tooMany !== undefined) return tooMany',
  ),
  inHumanTokens(
    'rejects an ID token that is older than an hour, however long it lives',
    'age of an ID token',
    judgeIdTokenFile,
    'if (iat < nowSeconds - maxIdTokenAgeSeconds) return `iat: expected at most ${maxIdTokenAgeSeconds} s ago`',
  ),
  inHumanTokens(
    'rejects an ID token of the future',
    'beginning of an ID token',
    judgeIdTokenFile,
    "if (iat > nowSeconds + clockSkewSeconds) return 'iat: expected now or earlier'",
  ),
  inHumanTokens(
    'rejects typ values swapped: every other kind of token of the provider as an ID token',
    'typ of an ID token',
    judgeIdTokenFile,
    "return refuse('ID_TOKEN_TYPE_WRONG', 'typ: expected JWT or none, got another')",
    ';',
  ),
  inHumanTokens(
    'rejects a security event as an ID token',
    'an ID token has no events',
    judgeIdTokenFile,
    "if (claims['events'] !== undefined)",
    "if (claims['events'] === null)",
  ),
  inHumanTokens(
    'rejects an ID token that says a name twice',
    'names in an ID token, once each',
    strictJsonFile,
    'return hasRepeatedName(text) ? undefined : (value as Record<string, unknown>)',
    'return value as Record<string, unknown>',
  ),
  inHumanTokens(
    'rejects the ID token of a human who logged out after it was issued',
    'log-outs count for ID tokens',
    addSessionsFile,
    'where not ${isLoggedOut}',
    'where true or not ${isLoggedOut}',
  ),
  inHumanTokens(
    'rejects an ID token that could not be kept, and opens the sessions of others who ask beside it',
    'claims that can be kept',
    judgeIdTokenFile,
    "if (unkept !== undefined) return refuse('ID_TOKEN_MALFORMED', unkept)",
  ),
  inHumanTokens(
    'a poisoned exchange takes down none of those that are kept together with it',
    'what is kept together fails apart',
    'services/identity/src/adapters/store/group-commit.ts',
    'if (group.length === 1 || isNobodys)',
    'if (group.length > 0 || isNobodys)',
  ),
]
