import type { AttackedCheck } from '../prove/prove-checks.ts'
import { proofChecks } from './checks/proof-checks.ts'
import { tokenChecks } from './checks/token-checks.ts'

/** Every check that an attack of this folder is stopped by, alone. */
export const checks: readonly AttackedCheck[] = [...tokenChecks, ...proofChecks]
