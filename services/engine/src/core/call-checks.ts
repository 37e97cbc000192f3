import type { CallFacts, MethodFacts, PrincipalFacts, ShownFacts } from './call-facts.ts'
import type { CheckOrder } from './check-order.ts'
import { inOrder } from './check-order.ts'
import { admitAnswers } from './checks/admit-answers.ts'
import { admitData } from './checks/admit-data.ts'
import { admitStanding } from './checks/admit-standing.ts'
import { applyStanding } from './checks/apply-standing.ts'
import { awaitGate } from './checks/await-gate.ts'
import { checkDefinition } from './checks/check-definition.ts'
import { checkFreshness } from './checks/check-freshness.ts'
import { checkGrant } from './checks/check-grant.ts'
import { checkRevocations } from './checks/check-revocations.ts'
import { checkSession } from './checks/check-session.ts'
import { classify } from './checks/classify.ts'
import { confirmStanding } from './checks/confirm-standing.ts'
import { limitRate } from './checks/limit-rate.ts'
import { recordAttempt } from './checks/record-attempt.ts'
import { requireBundle } from './checks/require-bundle.ts'
import { verifyCallProof, verifyRequestProof } from './checks/verify-call-proof.ts'
import { recogniseToken, requireUnexpired, verifyToken } from './checks/verify-token.ts'

/** A call that arrived with a token. */
export type TokenCallFacts = CallFacts & ShownFacts

/** A call of a session that is established. */
export type PrincipalCallFacts = CallFacts & PrincipalFacts

const afterProof = [
  requireBundle,
  checkRevocations,
  checkSession,
  limitRate,
  classify,
  checkGrant,
  checkDefinition,
  applyStanding,
  checkFreshness,
  admitAnswers,
  recordAttempt,
  awaitGate,
  confirmStanding,
] as const

/** How a call flows. */
export const callChecks: CheckOrder<TokenCallFacts> = inOrder<TokenCallFacts>()([
  verifyToken,
  verifyCallProof,
  ...afterProof,
])

/** How a call flows whose session is given: a recorded one, whose token is long gone, and whose proofs nobody has. */
export const principalChecks: CheckOrder<PrincipalCallFacts> = inOrder<PrincipalCallFacts>()(afterProof)

const toServer = [requireBundle, checkRevocations, checkSession, admitStanding] as const

/** How a session is let in to a server. */
export const admitChecks: CheckOrder<TokenCallFacts & MethodFacts> = inOrder<TokenCallFacts & MethodFacts>()([
  verifyToken,
  verifyRequestProof,
  ...toServer,
  admitData,
])

/** How a session is looked at between its agent's requests: that it is over counts more than that its token is. */
export const vouchChecks: CheckOrder<TokenCallFacts> = inOrder<TokenCallFacts>()([
  recogniseToken,
  ...toServer,
  requireUnexpired,
])

/** How a call that was forwarded is looked at before it is sent once more, with what its server asked for. */
export const repeatChecks: CheckOrder<TokenCallFacts> = inOrder<TokenCallFacts>()([
  verifyToken,
  requireBundle,
  checkRevocations,
  checkSession,
  limitRate,
  classify,
  checkGrant,
  checkDefinition,
  applyStanding,
  checkFreshness,
  admitAnswers,
])
