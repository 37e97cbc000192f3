import type { AttackedCheck } from '../prove/prove-checks.ts'
import { attestationChecks } from './checks/attestation-checks.ts'
import { callChecks } from './checks/call-checks.ts'
import { downstreamChecks } from './checks/downstream-checks.ts'
import { engineKeyChecks } from './checks/engine-key-checks.ts'
import { grantingChecks } from './checks/granting-checks.ts'
import { leavingDataChecks } from './checks/leaving-data-checks.ts'
import { logInChecks } from './checks/log-in-checks.ts'
import { lyingProxyChecks } from './checks/lying-proxy-checks.ts'
import { offRecordChecks } from './checks/off-record-checks.ts'
import { outcomeChecks } from './checks/outcome-checks.ts'
import { proofChecks } from './checks/proof-checks.ts'
import { securityEventChecks } from './checks/security-event-checks.ts'
import { sessionChecks } from './checks/session-checks.ts'
import { storedChecks } from './checks/stored-checks.ts'
import { tokenChecks } from './checks/token-checks.ts'
import { underWayChecks } from './checks/under-way-checks.ts'

/** Every check that alone stops an attack of this folder. */
export const checks: readonly AttackedCheck[] = [
  ...tokenChecks,
  ...proofChecks,
  ...callChecks,
  ...offRecordChecks,
  ...leavingDataChecks,
  ...downstreamChecks,
  ...lyingProxyChecks,
  ...engineKeyChecks,
  ...attestationChecks,
  ...grantingChecks,
  ...logInChecks,
  ...sessionChecks,
  ...securityEventChecks,
  ...storedChecks,
  ...underWayChecks,
  ...outcomeChecks,
]
