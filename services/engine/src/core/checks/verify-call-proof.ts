import type { CallFacts, MethodFacts, PrincipalFacts, ProofFacts, ShownFacts } from '../call-facts.ts'
import type { Check, CheckResult, Refused } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'
import type { ProofResult, ShownProof } from '../../ports.ts'

type Needs = CallFacts & ShownFacts & PrincipalFacts

const messages: Readonly<Record<Extract<ProofResult, { ok: false }>['reason'], string>> = {
  PROOF_MISSING:
    'No proof came with the session token (header DPoP). Sign each request with the key that the token was issued for.',
  PROOF_INVALID:
    'The proof is not one of this request by the holder of the session token. Sign method, URL, token and message as they are sent.',
  PROOF_NONCE:
    'The proof does not name the nonce of this engine. Sign again with the one in the header DPoP-Nonce.',
  PROOF_REPLAYED: 'The proof was used before, or is too old. Sign each request anew.',
  ENGINE_UNAVAILABLE:
    'The engine follows as many sessions and proofs as it can. Sign the request again later.',
}

const resultOf = (result: ProofResult): CheckResult<ProofFacts> => {
  if (result.ok) return pass({ proven: result.proven })
  const { reason } = result
  const refused = deny(reason, messages[reason])
  if (reason === 'PROOF_NONCE') return refuse({ ...refused, isRepeated: true })
  return refuse({ ...refused, ...(reason === 'PROOF_REPLAYED' ? byReplayer : byAnybody) })
}

/** Whoever has only the token must not be able to fill the session's log. */
const byAnybody = { boundedAs: 'anybody' } as const satisfies Partial<Refused>

/** A proof that came again held before: it is evidence, which nobody without one may keep off the record. */
const byReplayer = { boundedAs: 'replayer' } as const satisfies Partial<Refused>

const shownIn = ({ shown, tokenDigest }: Needs): ShownProof => ({ ...shown, tokenDigest })

/**
 * Does this very call come from the holder of the session's key? A token can be stolen on its way; a proof is good for one
 * call, with these arguments, at this engine.
 */
export const verifyCallProof: Check<Needs, ProofFacts> = {
  name: 'verify-call-proof',
  run(facts, ports) {
    const { call, canonical, principal, now } = facts
    const { server, tool, restDigest } = call
    // Nobody can have signed arguments without a canonical text, so they are not held against the session.
    if (canonical.args === undefined) {
      const refused = deny('ARGUMENTS_INVALID', canonical.problem)
      return refuse({ ...refused, recordedAs: 'PROOF_INVALID', ...byAnybody })
    }
    const argumentsDigest = canonical.digest.toString('base64url')
    const result = ports.proofs.verify(shownIn(facts), principal, now, {
      server,
      tool,
      argumentsDigest,
      restDigest,
    })
    return resultOf(result)
  },
}

/** Does this request, which calls nothing, come from the holder of the session's key, and say what they said? */
export const verifyRequestProof: Check<Needs & MethodFacts, ProofFacts> = {
  name: 'verify-request-proof',
  run(facts, ports) {
    const { principal, now, shown, method, contentDigest } = facts
    // A message has its digest, and a request without one is named as HTTP does.
    if (contentDigest === undefined && method !== shown.htm) {
      const refused = deny('ARGUMENTS_INVALID', 'The message came without a digest that a proof could be of.')
      return refuse(refused)
    }
    const message = contentDigest === undefined ? undefined : { method, contentDigest }
    return resultOf(ports.proofs.verify(shownIn(facts), principal, now, message))
  },
}
