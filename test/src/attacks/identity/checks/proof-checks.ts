import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const verifier = 'packages/tokens/src/proof/call-proof-verifier.ts'
const header = 'packages/tokens/src/proof/proof-header.ts'
const payload = 'packages/tokens/src/proof/proof-payload.ts'

const against = attacksIn('call-proofs.test.ts')
const inMessages = attacksIn('messages.test.ts')

/** Of call proofs. */
export const proofChecks: readonly AttackedCheck[] = [
  against(
    'rejects a token without a proof: what was stolen is worth nothing without its key',
    'each call has a proof',
    'services/engine/src/core/call-checks.ts',
    '  verifyCallProof,\n',
  ),
  against(
    'rejects the proof of a call, shown with a request that calls nothing',
    'each request has a proof',
    'services/engine/src/core/call-checks.ts',
    '  verifyRequestProof,\n',
  ),
  against(
    'rejects bearer use of a bound token, also with a good proof beside it',
    'scheme of the token',
    'services/proxy/src/core/checks/check-token.ts',
    '/^dpop +',
    '/^(?:dpop|bearer) +',
  ),
  against(
    'rejects a stolen token with a proof by the thief’s own key',
    'key of a proof is the token’s',
    verifier,
    "if (holder.thumbprint !== expected.holder) return 'HOLDER_REFUSED'",
  ),
  against(
    'rejects two proofs, one of them good',
    'one proof',
    'services/proxy/src/core/agent-request.ts',
    'return values?.length === 1 ? values[0] : undefined',
    'return values?.[0]',
  ),
  against(
    'rejects a proof whose signature is of another key than the one that it names',
    'signature of a proof',
    verifier,
    "if (!holder.key.verifies(Buffer.from(proof.slice(0, payloadEnd), 'latin1'), signature))\n      return 'SIGNATURE_WRONG'",
  ),
  against(
    'rejects a proof of alg none, and of HS256 with the public key',
    'alg of a proof is the key’s',
    header,
    'return key.algorithm === alg ? {',
    'return key.algorithm ? {',
  ),
  against(
    'rejects a proof with a header that nobody defined: crit, kid, jku',
    'header parameters of a proof',
    header,
    "if (Object.keys(others).length > 0) return 'HEADER_PARAMETER_REFUSED'",
  ),
  against(
    'rejects a proof that gives the private key away, or brings more of a key than belongs there',
    'members of the key in a proof',
    header,
    'Object.keys(others).length > 0 || ',
  ),
  against(
    'rejects typ values swapped: every other kind of token as a proof',
    'typ of a proof',
    header,
    "if (typ !== proofType) return 'TYPE_REFUSED'",
  ),
  against(
    'rejects a proof of another HTTP method',
    'method of a proof',
    verifier,
    "if (payload.htm !== expected.method) return 'METHOD_REFUSED'",
  ),
  against(
    'rejects a proof for another URL, and for another spelling of it',
    'URL of a proof',
    verifier,
    "if (payload.htu !== expected.url) return 'URL_REFUSED'",
  ),
  against(
    'rejects a proof of another token of the same key',
    'token of a proof',
    verifier,
    "if (payload.ath !== (expected.tokenDigest ?? hash('sha256', expected.tokenText, 'base64url')))\n    return 'TOKEN_REFUSED'",
  ),
  against(
    'rejects a proof of another server',
    'server of a proof',
    verifier,
    "if (proven.server !== call.server) return 'SERVER_REFUSED'",
  ),
  against(
    'rejects a proof of another tool',
    'tool of a proof',
    verifier,
    "if (proven.tool !== call.tool) return 'TOOL_REFUSED'",
  ),
  against(
    'rejects a proof of other arguments',
    'arguments of a proof',
    verifier,
    "if (proven.args_s256 !== call.argumentsDigest) return 'ARGUMENTS_REFUSED'",
  ),
  against(
    'rejects the proof of a harmless request, shown with a call',
    'a call has the proof of a call',
    verifier,
    "if (proven === undefined || !('tool' in proven)) return 'CALL_UNPROVEN'",
    "if (proven === undefined || !('tool' in proven)) return undefined",
  ),
  against(
    'rejects the proof of a call, shown with a request that calls nothing',
    'a request has no proof of a call',
    verifier,
    "return 'CALL_UNEXPECTED'",
    'return undefined',
  ),
  inMessages(
    'rejects inputResponses and requestState that the agent did not prove',
    'what a call says beside its arguments, in a proof',
    verifier,
    "if (proven.rest_s256 !== call.restDigest) return 'REST_REFUSED'",
  ),
  inMessages(
    'rejects other content of a message than its agent proved',
    'content of a message in a proof',
    verifier,
    "if (proven?.content_s256 !== content?.contentDigest) return 'CONTENT_REFUSED'",
  ),
  inMessages(
    'rejects the proof of another message with the same content',
    'method of a message in a proof',
    verifier,
    "if (proven?.method !== content?.method) return 'MESSAGE_REFUSED'",
  ),
  inMessages(
    'a message without a digest of what it says is let through by nobody, whatever was proved',
    'each message has its digest',
    'services/engine/src/core/checks/verify-call-proof.ts',
    'if (contentDigest === undefined && method !== shown.htm) {',
    'if (contentDigest === undefined && method === undefined) {',
  ),
  against(
    'rejects the clock of an agent that is more than a minute behind',
    'age of a proof',
    verifier,
    "if (iat * 1000 < now - clockSkewMs) return 'ISSUED_TOO_EARLY'",
  ),
  against(
    'rejects the clock of an agent that is more than a minute ahead',
    'a proof is not of the future',
    verifier,
    "if (iat * 1000 > now + clockSkewMs) return 'ISSUED_IN_FUTURE'",
  ),
  against(
    'rejects a proof that says more than is defined, at the top and of the call',
    'known claims of a proof',
    payload,
    'mcp, ...others } = claims\n  for (const _name in others) return undefined',
    'mcp, ...others } = claims',
  ),
  against(
    'rejects a call in a proof that says more than is defined',
    'known claims of the call in a proof',
    payload,
    'rest_s256, ...others } = claims\n  for (const _name in others) return undefined',
    'rest_s256, ...others } = claims',
  ),
  against(
    'rejects an oversized proof',
    'size of a proof',
    verifier,
    "if (proof.length > maxProofCharacters) return 'PROOF_TOO_LARGE'",
  ),
  against(
    'rejects the second signature that anybody can compute from one of a P-256 key',
    'the lower signature of a proof',
    verifier,
    "if (holder.key.algorithm === 'ES256' && !hasLowS(signature)) return 'SIGNATURE_NOT_CANONICAL'",
  ),
]
