import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const foreignOutcomeFile = 'services/engine/src/core/foreign-outcome.ts'
const tokenVerifierFile = 'packages/tokens/src/token-verifier.ts'

const inMadeUpOutcomes = attacksIn('made-up-outcomes.test.ts')

/** Of outcomes that nobody but the token vouches for. */
export const outcomeChecks: readonly AttackedCheck[] = [
  inMadeUpOutcomes(
    'rejects an outcome that a lying proxy makes up in a session whose token it never saw',
    'an outcome of another engine’s call comes with a signed token',
    tokenVerifierFile,
    "if (!key.verifies(jws.signed, jws.signature) || !hasLowS(jws.signature)) return 'SIGNATURE_WRONG'",
  ),
  inMadeUpOutcomes(
    'rejects an outcome that a lying proxy makes up of a tool that the session was not granted',
    'an outcome of another engine’s call is of a granted tool',
    foreignOutcomeFile,
    '!grantsTool(principal, tool) || ',
  ),
  inMadeUpOutcomes(
    'rejects an outcome that a lying proxy makes up with a token of the day before yesterday',
    'an outcome of another engine’s call comes within a day of its token',
    foreignOutcomeFile,
    'if (now - expiresAt > maxExpiredMs) return undefined',
  ),
  inMadeUpOutcomes(
    'rejects a flood of outcomes that a lying proxy makes up',
    'outcomes of another engine’s calls count against the rate',
    foreignOutcomeFile,
    'rates.takeOutcome(sessionId, limit, now)',
    'true',
  ),
]
