import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const replayWindowsFile = 'packages/tokens/src/proof/replay-windows.ts'
const callProofVerifierFile = 'packages/tokens/src/proof/call-proof-verifier.ts'
const nonceErasFile = 'packages/tokens/src/proof/nonce-eras.ts'
const exactJsonFile = 'services/proxy/src/core/exact-json.ts'
const canonicalArgumentsFile = 'services/engine/src/core/canonical-arguments.ts'
const checkGrantFile = 'services/engine/src/core/checks/check-grant.ts'
const checkEnvelopeFile = 'services/proxy/src/core/stateless/check-envelope.ts'
const revocationTableFile = 'services/engine/src/core/revocation-table.ts'
const principalScopesFile = 'packages/tokens/src/revocation/principal-scopes.ts'
const revocationStatementFile = 'packages/tokens/src/revocation/revocation-statement.ts'
const kafkaRevocationsFile = 'services/engine/src/adapters/kafka-revocations.ts'
const confirmStandingFile = 'services/engine/src/core/checks/confirm-standing.ts'
const applyStandingFile = 'services/engine/src/core/checks/apply-standing.ts'

const inReplays = attacksIn('replays.test.ts')
const inCanonicalArguments = attacksIn('canonical-arguments.test.ts')
const inKillSwitch = attacksIn('kill-switch.test.ts')

/** Of calls: used proofs, arguments, the kill switch, standings. */
export const callChecks: readonly AttackedCheck[] = [
  inReplays(
    'rejects a sequence number that no record holds, or no scorer follows',
    'highest number of a proof',
    'packages/tokens/src/proof/proof-payload.ts',
    'claims !== undefined && claims.seq <= maxProofSequence ? claims : undefined',
    'claims',
  ),
  inReplays(
    'rejects a replay on the same replica, and it is a signal',
    'a number is used once',
    replayWindowsFile,
    "if (isMarked(window.used, sequence)) return 'replayed'",
  ),
  inReplays(
    'rejects a replay that is as fast as the request itself',
    'a number is used once, at once',
    replayWindowsFile,
    "if (isMarked(window.used, sequence)) return 'replayed'",
  ),
  inReplays(
    'rejects a replay on another replica',
    'nonce of the engine: another replica',
    callProofVerifierFile,
    "return expected.isNonceAccepted(payload.nonce) ? payload : 'NONCE_REFUSED'",
    'return payload',
  ),
  inReplays(
    'rejects at another replica a proof that was never used at its own',
    'nonce of the engine: unused elsewhere',
    callProofVerifierFile,
    "return expected.isNonceAccepted(payload.nonce) ? payload : 'NONCE_REFUSED'",
    'return payload',
  ),
  inReplays(
    'rejects a replay after a restart, which has forgotten what was used',
    'nonce of the engine: after a restart',
    callProofVerifierFile,
    "return expected.isNonceAccepted(payload.nonce) ? payload : 'NONCE_REFUSED'",
    'return payload',
  ),
  inReplays(
    'rejects a replay in the next era of nonces',
    'windows live as long as their nonces',
    replayWindowsFile,
    'previous = reached === era + 1 ? current : new Map()',
    'previous = new Map()',
  ),
  inReplays(
    'rejects a replay after the clock was set back',
    'no era of nonces comes back',
    nonceErasFile,
    'if (next <= era) return era',
  ),
  inReplays(
    'rejects a replay of what passed while the clock was set back, after it was ahead again',
    'one count of eras for nonces and windows',
    'services/engine/src/adapters/call-proofs.ts',
    'nonces.reached(now)',
    'Math.floor(now / 300_000)',
  ),
  inReplays(
    'rejects window overflow: an old number that nobody used',
    'numbers behind the window',
    replayWindowsFile,
    "else if (sequence <= window.highest - replayWindowSize) return 'replayed'",
  ),
  inCanonicalArguments(
    'rejects another number, however little it differs',
    'numbers of the arguments',
    callProofVerifierFile,
    "if (proven.args_s256 !== call.argumentsDigest) return 'ARGUMENTS_REFUSED'",
  ),
  inCanonicalArguments(
    'rejects another Unicode form of the same text',
    'texts of the arguments',
    callProofVerifierFile,
    "if (proven.args_s256 !== call.argumentsDigest) return 'ARGUMENTS_REFUSED'",
  ),
  inCanonicalArguments(
    'rejects arguments that say a name twice',
    'members once each, at the proxy',
    exactJsonFile,
    'if (hasRepeatedMember(text, value)) throw new RepeatedMemberError()',
  ),
  inCanonicalArguments(
    'rejects a message that says twice what is called',
    'what is called once, at the proxy',
    exactJsonFile,
    'if (hasRepeatedMember(text, value)) throw new RepeatedMemberError()',
  ),
  inCanonicalArguments(
    'rejects oversized arguments',
    'size of arguments',
    canonicalArgumentsFile,
    'if (bytes > maxArgumentsBytes) return',
    'if (bytes < 0) return',
  ),
  inCanonicalArguments(
    'rejects arguments too large for the socket between proxy and engine, and says how large they are',
    'arguments that were left out',
    canonicalArgumentsFile,
    'if (areLeftOut) return',
    'if (isInexact && areLeftOut) return',
  ),
  inCanonicalArguments(
    'rejects a number that is another one as a double: a server that reads all digits acts on what nobody judged',
    'numbers as doubles',
    canonicalArgumentsFile,
    'isInexact ? { ...readable, problem: inexact } : readable',
    'readable',
  ),
  inCanonicalArguments(
    'rejects a tool that the token does not grant, with a good proof of calling it',
    'grant of the token',
    checkGrantFile,
    'if (grantsTool(principal, call.tool)) return pass({})',
    'return pass({})',
  ),
  inCanonicalArguments(
    'rejects a header that names another tool than the body',
    'header and body agree',
    checkEnvelopeFile,
    "checkHeader(request, id, 'mcp-name', namedBy(message)) ??",
  ),
  inKillSwitch(
    'the kill switch stops an agent whose token is not expired',
    'revoked agents',
    principalScopesFile,
    '`agent:${agentId}`, ',
  ),
  inKillSwitch(
    'the kill switch of an agent stops whomever it delegated to',
    'revoked agents that delegated',
    principalScopesFile,
    'scopes.push(`agent:${by.agentId}`, `platform:${by.platform}`)',
    ';',
  ),
  inKillSwitch(
    'the kill switch stops a human’s agents whose tokens are not expired',
    'revoked humans',
    principalScopesFile,
    '`human:${human}`, ',
  ),
  inKillSwitch(
    'the kill switch stops a platform whose tokens are not expired',
    'revoked platforms',
    principalScopesFile,
    ', `platform:${platform}`',
  ),
  inKillSwitch(
    'the kill switch stops a session whose token is not expired',
    'revoked sessions',
    principalScopesFile,
    'scopes.push(`session:${sessionId}`)',
    ';',
  ),
  inKillSwitch(
    'the kill switch of a session stops whatever it handed on, however far',
    'revoked sessions that delegated',
    principalScopesFile,
    'scopes.push(`session:${ancestor}`)',
    ';',
  ),
  inKillSwitch(
    'rejects the unexpired token of a sub-agent whose parent session is over',
    'parents that are over, at an engine',
    'services/engine/src/core/checks/check-session.ts',
    'if (isOut(decisions.find(ancestor)?.decision.standing)) return delegatorOut',
    ';',
  ),
  inKillSwitch(
    'the kill switch stops a tool whatever tokens grant',
    'revoked tools',
    revocationTableFile,
    ' ?? (active.has(called) ? called : undefined)',
  ),
  inKillSwitch(
    'the kill switch stops all tools of a server',
    'revoked servers',
    revocationTableFile,
    '`tool:${principal.server}/*`,',
  ),
  inKillSwitch(
    'the kill switch stops everything',
    'everything revoked',
    principalScopesFile,
    "'everything:*', ",
  ),
  inKillSwitch(
    'rejects a forged reinstatement',
    'signature of a revocation',
    revocationStatementFile,
    '!key.verifies(jws.signed, jws.signature) || ',
  ),
  inKillSwitch(
    'rejects an older statement, shown after a newer one',
    'versions of revocations',
    revocationTableFile,
    "if (held !== undefined && version <= held.version) return 'older'",
  ),
  inKillSwitch(
    'rejects a replayed reinstatement: it was true once',
    'versions of revocations, shown again',
    revocationTableFile,
    "if (held !== undefined && version <= held.version) return 'older'",
  ),
  inKillSwitch(
    'rejects the reinstatement of another scope under this one’s name',
    'scope of a revocation',
    kafkaRevocationsFile,
    "statement === 'forged' || statement.scope !== scope",
    "statement === 'forged'",
  ),
  inKillSwitch(
    'rejects the reinstatement of another deployment',
    'issuer of a revocation',
    revocationStatementFile,
    ' || claims.data.iss !== issuer',
  ),
  inKillSwitch(
    'rejects another kind of token as a revocation',
    'typ of a revocation',
    revocationStatementFile,
    'typ !== type || ',
  ),
  inKillSwitch(
    'the kill switch stops a call that waits at a gate',
    'revoked while it waits',
    confirmStandingFile,
    'if (revoked !== undefined) return refuse(revoked)',
  ),
  inKillSwitch(
    'rejects the call of a sub-agent that waits at a gate while its parent session is stopped',
    'parents that are stopped while it waits',
    confirmStandingFile,
    'if (delegated !== undefined) return refuse(delegated)',
  ),
  inKillSwitch(
    'rejects a call that waits at a gate beyond the end of its token',
    'token expired while it waits',
    confirmStandingFile,
    'if (now < expiresAt && ports.clock.now() >= expiresAt) return refuse(tokenExpiredMeanwhile)',
  ),
  inKillSwitch(
    'rejects an ended session with an unexpired token',
    'standing of a call: ended',
    applyStandingFile,
    'return refused === undefined ? pass({}) : refuse(refused)',
    'return refused ? pass({}) : pass({})',
  ),
  inKillSwitch(
    'rejects a suspended session with an unexpired token',
    'standing of a call: suspended',
    applyStandingFile,
    'return refused === undefined ? pass({}) : refuse(refused)',
    'return refused ? pass({}) : pass({})',
  ),
]
