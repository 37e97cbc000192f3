import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const verifier = 'packages/tokens/src/token-verifier.ts'
const claims = 'packages/tokens/src/session-claims.ts'
const actor = 'packages/tokens/src/actor-claims.ts'

const against = attacksIn('session-tokens.test.ts')

/** Of session tokens. */
export const tokenChecks: readonly AttackedCheck[] = [
  against(
    'rejects alg none',
    'alg of a session token',
    verifier,
    "if (alg !== algorithm) return 'ALGORITHM_REFUSED'",
  ),
  against(
    'rejects ES256 and EdDSA swapped, by the key set of an issuer that has both',
    'algorithm of the key of a session token',
    verifier,
    "if (key.algorithm !== algorithm) return 'ALGORITHM_REFUSED'",
  ),
  against(
    'rejects an unknown crit',
    'header parameters of a session token',
    verifier,
    "if (Object.keys(others).length > 0) return 'HEADER_PARAMETER_REFUSED'",
  ),
  against(
    'rejects a key brought along: jwk, jku, x5u and x5c',
    'key in the header of a session token',
    verifier,
    "if (Object.keys(others).length > 0) return 'HEADER_PARAMETER_REFUSED'",
  ),
  against(
    'rejects kid injection: paths, lists, names of methods, and the kid of identity over a foreign signature',
    'kid of a session token is a text',
    verifier,
    "if (typeof kid !== 'string') return 'KEY_UNKNOWN'",
  ),
  against(
    'rejects a token whose signature is of other claims: another human, another session, another key',
    'signature of a session token',
    verifier,
    '!key.verifies(jws.signed, jws.signature) || ',
  ),
  against(
    'rejects the second signature that anybody can compute from the first',
    'the lower signature of a session token',
    verifier,
    ' || !hasLowS(jws.signature)',
  ),
  against(
    'rejects a second spelling of a token',
    'one spelling of a token',
    'packages/tokens/src/compact-jws.ts',
    "bytes.length > 0 && bytes.toString('base64url') === text",
    'bytes.length > 0',
  ),
  against(
    'rejects typ values swapped: every other kind of token that identity signs, as a session token',
    'typ of a session token',
    verifier,
    "if (typ !== 'at+jwt') return 'TYPE_REFUSED'",
  ),
  against(
    'rejects a wrong audience: the token of another server',
    'audience of a session token',
    verifier,
    "if (token.server !== server) return 'AUDIENCE_REFUSED'",
  ),
  against(
    'rejects multiple audiences, ours among them',
    'one audience of a session token',
    claims,
    'aud: text.startsWith(audiencePrefix)',
    'aud: z.any().transform(aud => (Array.isArray(aud) ? String(aud[0]) : aud))',
  ),
  against(
    'rejects a token of another issuer',
    'issuer of a session token',
    verifier,
    "if (iss !== issuer) return 'ISSUER_REFUSED'",
  ),
  against(
    'rejects an expired token, from the second that it names',
    'end of a session token',
    verifier,
    "if (now >= token.expiresAt) return 'EXPIRED'",
  ),
  against(
    'rejects a token of the future: identity’s clock is more than 5 s ahead',
    'beginning of a session token',
    verifier,
    "if (token.issuedAt > now + clockSkewMs) return 'ISSUED_IN_FUTURE'",
  ),
  against(
    'rejects a token that lives longer than 5 minutes',
    'longest life of a session token',
    verifier,
    "if (exp - iat > maxTokenLifeSeconds) return 'LIFE_TOO_LONG'",
  ),
  against(
    'rejects a token that says a name twice',
    'names in JSON, once each',
    'packages/tokens/src/strict-json.ts',
    'return hasRepeatedName(text) ? undefined : (value as Record<string, unknown>)',
    'return value as Record<string, unknown>',
  ),
  against(
    'rejects an oversized token',
    'size of a session token',
    verifier,
    "if (text.length > maxTokenCharacters) return { ok: false, reason: 'TOKEN_TOO_LARGE' }",
  ),
  against(
    'rejects subject and actor swapped',
    'form of an actor',
    actor,
    '.regex(/^urn:cordon:agent:[^#\\s]+#[^#\\s]+$/)',
  ),
  against(
    'rejects an agent that poses as its human: the actor is cut out',
    'actor and context, both or none',
    claims,
    '.refine(({ act, agentic_ctx: context }) => (act === undefined) === (context === undefined))',
  ),
  against(
    'rejects an actor that calls itself the human',
    'name of the human is no agent’s',
    actor,
    '.refine(sub => !sub.startsWith(`${agentPrefix}${directHuman}#`))',
  ),
  against(
    'rejects actor laundering: an actor of a foreign namespace',
    'namespace of actors',
    actor,
    'iss: z.literal(agentNamespace)',
    'iss: z.any()',
  ),
  against(
    'rejects actor laundering: a second actor that nobody looks for',
    'known members of an actor',
    actor,
    'z.strictObject({ ...links,',
    'z.object({ ...links,',
  ),
  against(
    'rejects a chain of delegation that is longer than it may be',
    'depth of a chain in a token',
    actor,
    'chainOf(maxDelegationDepth)',
    'chainOf(maxDelegationDepth + 1)',
  ),
  against(
    'rejects a token by a key that identity withdrew, also where it verified before',
    'tokens of keys that were withdrawn are forgotten',
    verifier,
    'if (keys !== trusted || reached !== epoch) {',
    'if (trusted === undefined) {',
  ),
]
