import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { foundCompany, makeWorld, type World } from '@cordon/demo'
import { seededRandom } from '@cordon/foundation'
import { openWorkplace, startStack, type Stack, type Workplace } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import type { LiveView } from '../live/live-view.ts'
import { progressPrinter } from '../terminal/progress-printer.ts'
import { guideLines } from './guide.ts'
import { readOwnTools, type OwnFiles, type OwnTools } from './own-tools.ts'
import { showScenario } from './show-scenario.ts'
import { stopRequested } from './stop-requested.ts'
import { watchSessions } from './watch-sessions.ts'

export interface UpOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** `stay`: play it, then stay up; `once`: play it and end; `none`: stay up without. */
  readonly scenario: 'stay' | 'once' | 'none'
  /** Where topics live on; omitted: nothing is kept. */
  readonly dataFolder?: string
  readonly own?: OwnFiles
}

/** A seed of no meaning: every start shows the same small company. */
const companySeed = 2026
const partitions = 8
/** Longest pause between two calls of a scripted session: slow enough to watch. */
const pauseMs = 900
/** Taken where they are free, so that addresses stay the same over restarts. */
const ports = {
  proxy: 7400,
  identity: 7401,
  'engine-operations': 7410,
  'proxy-operations': 7411,
  'identity-operations': 7412,
  'scorer-operations': 7413,
} as const

/**
 * Brings everything up, shows what goes on, and takes it down again.
 * @throws CordonError where anything of it ends by itself, among others
 */
export const up = async (options: UpOptions): Promise<void> => {
  const own = options.own && (await readOwnTools(options.own))
  const stop = stopRequested()
  const printer = progressPrinter(process.stdout)
  const workplace = await openWorkplace({ ...options, onProgress: printer.show })
  try {
    const random = seededRandom(companySeed)
    const world = makeWorld(random)
    const stack = await unlessFailed(workplace, startAll(workplace, own, world))
    const show = async (view: LiveView): Promise<void> => {
      view.announce(['', `Ready after ${(stack.totalMs / 1000).toFixed(1)} s.`])
      if (options.scenario !== 'none')
        await showScenario({ stack, world, random, view, pauseMs, signal: stop.signal })
      if (options.scenario === 'once' || stop.signal.aborted) return
      view.announce(guideLines(stack, workplace.folder, own))
      await stop.requested
    }
    await watchSessions(stack, view => unlessFailed(workplace, show(view)))
  } finally {
    console.log('Stopping.')
    await workplace.close()
    stop.close()
  }
}

const startAll = async (workplace: Workplace, own: OwnTools | undefined, world: World): Promise<Stack> => {
  const tools =
    own === undefined
      ? await foundCompany(workplace, { world, random: seededRandom(companySeed), pauseMs })
      : { baselinesFile: await noBaselines(workplace), ...own }
  return startStack(workplace, { ...tools, partitions, ports })
}

const noBaselines = async ({ folder }: Workplace): Promise<string> => {
  const file = join(folder, 'baselines.json')
  await writeFile(file, encodeBaselines(emptyBaselines))
  return file
}

/** Whatever is under way ends where one of the parts does. */
const unlessFailed = <Result>({ supervisor }: Workplace, work: Promise<Result>): Promise<Result> =>
  Promise.race([work, supervisor.failed.then(failure => Promise.reject(failure))])
