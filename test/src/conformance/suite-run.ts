import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { CordonError } from '@cordon/foundation'

/** One thing that a scenario looked at. */
export interface Check {
  readonly id: string
  readonly description: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly errorMessage?: string
  readonly details?: unknown
}

/** The checks of each scenario, in their order. */
export type SuiteResults = ReadonlyMap<string, readonly Check[]>

const require = createRequire(import.meta.url)
const commandOf = (suite: string): string =>
  join(dirname(require.resolve(`${suite}/package.json`)), 'dist', 'index.js')

/** Well beyond what all scenarios take; one that waits for ever is a result too. */
const timeoutMs = 120_000

/**
 * Runs the scenarios for servers, as their own command does.
 * @param suite its package
 * @param specVersion `undefined`: of all versions
 */
export const runSuite = async (
  url: string,
  suite: string,
  specVersion: string | undefined,
): Promise<SuiteResults> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-conformance-'))
  try {
    const version = specVersion === undefined ? [] : ['--spec-version', specVersion]
    const how = ['--suite', 'all', '--output-dir', folder, ...version]
    const output = await run([commandOf(suite), 'server', '--url', url, ...how])
    const results = await readResults(folder)
    if (results.size === 0)
      throw new CordonError(
        'SUITE_WITHOUT_RESULTS',
        `suite: expected results of scenarios, got none:\n${output}`,
      )
    return results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Its exit code says whether all passed; here it matters what passed. */
const run = (args: readonly string[]): Promise<string> =>
  new Promise(resolve => {
    execFile(process.execPath, [...args], { timeout: timeoutMs }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })

/** One folder a scenario, `server-<name>-<time>`. */
const readResults = async (folder: string): Promise<SuiteResults> => {
  const results = new Map<string, readonly Check[]>()
  for (const name of await readdir(folder)) {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T/.exec(name)?.[1]
    if (scenario === undefined) continue
    const checks = await readFile(join(folder, name, 'checks.json'), 'utf8')
    results.set(scenario, JSON.parse(checks) as readonly Check[])
  }
  return results
}
