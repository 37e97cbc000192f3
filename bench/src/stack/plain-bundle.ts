import { type Bundle, closedIdentity } from '@cordon/policy'
import { defaultThresholds } from '@cordon/risk'

import { benchSigner } from './bench-signer.ts'

/** Waits are measured by a bench, not cut short. */
const patientMs = 60_000

/** The bundle of a bench: no tools yet, thresholds as they come. */
export const plainBundle: Bundle = {
  version: 1,
  catalogue: {},
  roles: {},
  thresholds: defaultThresholds,
  failSafe: {
    staleAfterMs: patientMs,
    gateTimeoutMs: patientMs,
    recordTimeoutMs: patientMs,
    whenStale: 'deny-sensitive',
    whenUnrecorded: 'deny-sensitive',
  },
  // A bench's load is meant.
  rateLimit: { callsPerSecond: 1_000_000, burst: 1_000_000 },
  decisionKeys: [benchSigner.key],
  identity: closedIdentity,
}
