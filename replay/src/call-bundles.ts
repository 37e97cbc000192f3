import { argumentEvidence, loadExtraction, type KnownForms } from '@cordon/extraction'
import { closedIdentity, inferCatalogueEntry, type Bundle, type CatalogueEntry } from '@cordon/policy'
import { qualifiedTool, type TraceCall, type TraceSession } from '@cordon/traces'

/** The bundle that the engine has when it is asked about a recorded call. */
export interface CallBundles {
  readonly at: (call: TraceCall) => Bundle
  /** Whether every argument says what a call acts on: nobody wrote down which ones do. */
  readonly everyArgumentActs: boolean
}

/** One bundle for all. */
export const fixedBundle = (bundle: Bundle): CallBundles => ({ at: () => bundle, everyArgumentActs: false })

/**
 * The bundles for recordings that came without one: each tool is treated as its name suggests, and as what it is given
 * does, in this call or in sessions that were learned from.
 */
export const inferredBundles = async (lessons: Iterable<TraceSession>): Promise<CallBundles> => {
  await loadExtraction()
  const known = formsOf(lessons)
  return {
    at: call =>
      bundleOf({
        [qualifiedTool(call.tool)]: inferCatalogueEntry(
          call.tool,
          argumentEvidence(call.arguments, known.get(call.tool)),
        ),
      }),
    everyArgumentActs: true,
  }
}

const formsOf = (lessons: Iterable<TraceSession>): ReadonlyMap<string, KnownForms> => {
  const forms = new Map<string, { reachesOut: boolean; sql: Set<string> }>()
  for (const { calls } of lessons)
    for (const { tool, arguments: args } of calls) {
      const form = forms.get(tool) ?? { reachesOut: false, sql: new Set() }
      const { reachesOut = false, resources = [] } = argumentEvidence(args)
      form.reachesOut ||= reachesOut
      for (const { argument, syntax } of resources) if (syntax === 'sql') form.sql.add(argument)
      forms.set(tool, form)
    }
  return forms
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
