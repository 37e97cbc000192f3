import type { Bundle, CatalogueEntry } from '@cordon/policy'

import { plainBundle } from '../stack/plain-bundle.ts'

/** Modes that calls are measured in, each a tool of its own name. */
export type CallMode = 'enforce' | 'gate' | 'monitor' | 'low'

const entry = (mode: CatalogueEntry['mode'], sensitivity: CatalogueEntry['sensitivity']): CatalogueEntry => ({
  readOnly: sensitivity < 2,
  sensitivity,
  mode,
  resources: [
    { kind: 'recipient', argument: 'recipient', syntax: 'email' },
    { kind: 'path', argument: 'path', syntax: 'path' },
  ],
})

/** `enforce` waits until its attempt is acknowledged; `low` is a read of the same mode that does not wait. */
export const toolModes: Readonly<Record<CallMode, CatalogueEntry>> = {
  enforce: entry('enforce', 2),
  gate: entry('gate', 2),
  monitor: entry('monitor', 2),
  low: entry('enforce', 1),
}

const benchRole = 'bench'

/** Nobody's standing changes, however often the same is called: a refused call would be no measurement. */
export const proxyBundle: Bundle = {
  ...plainBundle,
  catalogue: Object.fromEntries(Object.entries(toolModes).map(([tool, mode]) => [`bench/${tool}`, mode])),
  roles: { [benchRole]: { priorLogit: -5 } },
  thresholds: { verify: 1e9, readOnly: 1e9, suspend: 1e9 },
}
