import type { CallerPorts } from '../ports.ts'

/** Where sessions come in by their principal, as recorded ones do: no token is any good, and nothing goes to a server. */
export const playedCallers: CallerPorts = {
  tokens: { verify: () => ({ ok: false, reason: 'TOKEN_ABSENT' }) },
  proofs: {
    verify: () => ({ ok: false, reason: 'PROOF_MISSING' }),
    giveBack: () => true,
    nonce: () => '',
  },
  revocations: { revokedBy: () => undefined },
  downstream: { issue: () => '' },
}
