import { inferCatalogueEntry, type Bundle } from '@cordon/policy'
import { defaultThresholds } from '@cordon/risk'
import { qualifiedTool, type TraceSession } from '@cordon/traces'

/** The bundle for recordings that came without one: each tool is treated as its name suggests. */
export const inferBundle = (traces: Iterable<TraceSession>): Bundle => {
  const tools = new Set([...traces].flatMap(({ calls }) => calls.map(({ tool }) => tool)))
  return {
    version: 1,
    catalogue: Object.fromEntries(
      [...tools].sort().map(tool => [qualifiedTool(tool), inferCatalogueEntry(tool)]),
    ),
    roles: {},
    thresholds: defaultThresholds,
    // A recording waits for nobody: how long verdicts take is measured, not enforced.
    failSafe: {
      staleAfterMs: 60_000,
      gateTimeoutMs: 60_000,
      recordTimeoutMs: 60_000,
      whenStale: 'deny-sensitive',
      whenUnrecorded: 'deny-sensitive',
    },
    // Nor does it flood: its calls were made long ago.
    rateLimit: { callsPerSecond: 1_000_000, burst: 1_000_000 },
    decisionKeys: [],
  }
}
