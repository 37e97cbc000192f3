import { extractMentions, extractParameters } from '@cordon/extraction'
import { closedIdentity, inferCatalogueEntry, type Bundle, type CatalogueEntry } from '@cordon/policy'
import { qualifiedTool, type TraceCall, type TraceSession } from '@cordon/traces'

/** The bundle that the engine has when it is asked about a recorded call. */
export type CallBundles = (call: TraceCall) => Bundle

/** One bundle for all. */
export const fixedBundle =
  (bundle: Bundle): CallBundles =>
  () =>
    bundle

/**
 * The bundles for recordings that came without one: each tool is treated as its name suggests, and as what it is given
 * does, in this call or in sessions that were learned from.
 */
export const inferredBundles = (lessons: Iterable<TraceSession>): CallBundles => {
  const reaching = new Set<string>()
  for (const { calls } of lessons) for (const call of calls) if (reachesOut(call)) reaching.add(call.tool)
  return call =>
    bundleOf({
      [qualifiedTool(call.tool)]: inferCatalogueEntry(call.tool, reaching.has(call.tool) || reachesOut(call)),
    })
}

/** Everything that recordings do not decide by; what decides comes from calibration. */
export const bundleOf = (catalogue: Readonly<Record<string, CatalogueEntry>>): Bundle => ({
  version: 1,
  catalogue,
  roles: {},
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
  identity: closedIdentity,
})

/** A value that is an address and no file: `notes.md` could be both. */
const reachesOut = ({ arguments: args }: TraceCall): boolean =>
  extractParameters(args).some(({ value }) => {
    const kinds = new Set(extractMentions(value).entities.map(({ kind }) => kind))
    return (kinds.has('url') || kinds.has('host')) && !kinds.has('path') && !kinds.has('email')
  })
