import type { Human } from './humans/human-of.ts'
import type { Subject } from './subject.ts'

/** Who signed in, and the one of Cordon's clients at the provider that the ID token was issued to. */
export interface SignedInHuman {
  readonly human: Human
  readonly client: string
}

/** The human of an ID token: what they are entitled to and, where they were asked, consented to. */
export const subjectOfHuman = ({ human, client }: SignedInHuman): Subject => ({
  human: human.human,
  role: human.role,
  clearance: human.clearance,
  vouchedBy: { kind: 'provider', name: human.issuer },
  humanSession: human.humanSession ?? null,
  authenticatedAt: human.authenticatedAt,
  acr: human.acr,
  client,
  bounds: [{ by: `the human ${human.human}`, tools: human.tools }],
  ...(human.agent !== undefined && { onlyAgent: human.agent }),
})
