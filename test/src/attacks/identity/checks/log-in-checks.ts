import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const proveRequestFile = 'services/identity/src/core/prove-request.ts'
const requestProofVerifierFile = 'packages/tokens/src/proof/request-proof-verifier.ts'

const inStolenLogIns = attacksIn('stolen-log-ins.test.ts')

/** Of log-ins that are for one key. */
export const logInChecks: readonly AttackedCheck[] = [
  inStolenLogIns(
    'rejects a stolen ID token with a key of the thief, where the human logged in for a key',
    'key of a log-in',
    proveRequestFile,
    "if (verified.holder !== key) return logInRefused('one by another key')",
  ),
  inStolenLogIns(
    'rejects a stolen ID token with the proof that came with it, for a session of the thief',
    'a log-in is proved for one session key',
    requestProofVerifierFile,
    "if (payload.ath !== (tokenText === undefined ? undefined : hash('sha256', tokenText, 'base64url')))\n    return 'TOKEN_REFUSED'",
  ),
  inStolenLogIns(
    'rejects the proof of a log-in that is shown twice, for another ID token, or elsewhere',
    'one use of the proof of a log-in',
    proveRequestFile,
    'return granted([usedOf(verified, facts.now, secrets)])',
    'return granted([])',
  ),
  inStolenLogIns(
    'a log-in on another device names no key: its ID token is bounded by an hour and the log-out alone',
    'a log-in that names no key anybody has',
    'packages/tokens/src/proof/log-in-proof.ts',
    "typeof nonce === 'string' && nonce.startsWith(prefix) ? nonce.slice(prefix.length) : undefined",
    "typeof nonce === 'string' && nonce.length > 40 ? nonce.slice(prefix.length) : undefined",
  ),
]
