import type { KeyObject } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { openFingerprintKey } from '@cordon/extraction'
import { CordonError, faultInWords } from '@cordon/foundation'
import { fingerprintKeyFile } from '@cordon/infra'
import { loadBundleFile } from '@cordon/policy'
import { encodeBaselines } from '@cordon/risk'
import type { TraceProblem } from '@cordon/traces'

import { fixedBundle, inferredBundles } from './call-bundles.ts'
import { learnBaselines } from './learn.ts'
import { loadTraces } from './load-traces.ts'
import { openOutputFile } from './output-file.ts'
import { ReplayError } from './replay-error.ts'
import { toolsUnknownTo, unknownToolNames } from './unknown-tools.ts'
import { thresholdsInForce, type ThresholdsInForce } from './thresholds-in-force.ts'

export interface LearnOptions {
  /** Sessions that count as closed in good standing. */
  readonly files: readonly string[]
  /** Where the baselines go; `-`: to standard output. */
  readonly out: string
  /** The bundle that the sessions to come will be judged by; without one, each tool is treated as its name and arguments suggest. */
  readonly catalogue?: string
  /** Of `cordon up`: what is learned is comparable under the key of its engine, which is made where it is missing. */
  readonly dataFolder: string
  readonly onProblem: (problem: TraceProblem) => void
}

export interface LearnReport {
  readonly sessions: number
  /** That were recorded. */
  readonly calls: number
  readonly agents: readonly LearnedAgent[]
  /** What does not count of them, by tool: as named in the catalogue, which does not have it. */
  readonly unknownTools: ReadonlyMap<string, number>
  /** By which sessions of the roles that were learned will be judged. */
  readonly thresholds: readonly ThresholdsInForce[]
}

export interface LearnedAgent {
  readonly agentId: string
  readonly sessions: number
  /** That count: of tools that the catalogue has, and of each tool three in a session. */
  readonly calls: number
}

/**
 * Writes what recorded sessions teach as a file of baselines.
 * @throws CordonError where a file cannot be read or is no recording, the bundle is none, no call counts, or `out` cannot be written
 */
export const learnFiles = async (options: LearnOptions): Promise<LearnReport> => {
  const { files, catalogue } = options
  const out = await openOutputFile('--out', options.out, [
    ...files,
    ...(catalogue === undefined ? [] : [catalogue]),
  ])
  try {
    const lessons = await loadTraces(files, options.onProblem)
    const given = catalogue === undefined ? undefined : await loadBundleFile(catalogue)
    const logs = {
      bundles: given === undefined ? await inferredBundles(lessons) : fixedBundle(given),
      fingerprintKey: await keyOf(resolve(options.dataFolder)),
    }
    const baselines = await learnBaselines(lessons, logs, given?.weights)
    const calls = lessons.reduce((sum, session) => sum + session.calls.length, 0)
    const unknownTools =
      given === undefined ? new Map<string, number>() : toolsUnknownTo(given.catalogue, lessons)
    if (baselines.all.calls === 0) throw nothingLearned(calls, unknownTools)
    await out.write(encodeBaselines(baselines))
    await out.keep()
    return {
      sessions: lessons.length,
      calls,
      unknownTools,
      agents: Object.entries(baselines.agents).map(([agentId, agent]) => ({
        agentId,
        sessions: agent.sessions,
        calls: agent.calls,
      })),
      thresholds: thresholdsInForce(given ?? {}, baselines, new Set(Object.keys(baselines.roles))),
    }
  } finally {
    await out.discard()
  }
}

const nothingLearned = (calls: number, unknown: ReadonlyMap<string, number>): ReplayError => {
  const why = unknown.size === 0 ? '' : `; the catalogue does not have ${unknownToolNames(unknown)}`
  return new ReplayError(
    'NOTHING_LEARNED',
    `recordings: expected calls that count, got none among ${calls}${why}`,
  )
}

const keyOf = async (folder: string): Promise<KeyObject> => {
  const file = fingerprintKeyFile({ folder })
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    return await openFingerprintKey(file)
  } catch (error) {
    if (error instanceof CordonError) throw error
    throw new ReplayError(
      'KEY_UNUSABLE',
      `${file}: expected a key that can be read or made, got ${faultInWords(error)}`,
      { cause: error },
    )
  }
}
