import { parseArgs } from 'node:util'

/** What was asked for on the command line. */
export interface ConformanceRequest {
  /** `undefined`: scenarios of all versions. */
  readonly specVersion: string | undefined
}

/** That the pinned versions of the suite know. */
const versions: readonly string[] = [
  '2025-03-26',
  '2025-06-18',
  '2025-11-25',
  '2026-07-28',
  'draft',
  'extension',
]

export const conformanceUsage: string = `npm run conformance -- [--spec-version VERSION]

Runs the official conformance suite of MCP against a server, directly and through Cordon with every service as it is
deployed, and compares. VERSION is one of ${versions.join(', ')}; without it, the scenarios of all versions run. Exit code
1 where a scenario does not go the same way, 2 where the command was not understood.`

/** @returns what was asked for, or, in words, why it cannot be had; `undefined` where help was asked for */
export const parseConformanceRequest = (args: readonly string[]): ConformanceRequest | string | undefined => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { 'spec-version': { type: 'string' }, help: { type: 'boolean' } },
    })
    if (values.help === true) return undefined
    const specVersion = values['spec-version']
    if (specVersion !== undefined && !versions.includes(specVersion))
      return `expected one of ${versions.join(', ')} after --spec-version, got ${specVersion}`
    return { specVersion }
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /)[0]!
  }
}
