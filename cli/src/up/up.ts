import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { foundCompany, makeWorld, type World } from '@cordon/demo'
import { seededRandom } from '@cordon/foundation'
import { openWorkplace, startStack, type Stack, type StackOptions, type Workplace } from '@cordon/infra'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import { openFactFeed } from '../live/fact-feed.ts'
import { openLiveView, type LiveView } from '../live/live-view.ts'
import { progressPrinter } from '../terminal/progress-printer.ts'
import { guideLines } from './guide.ts'
import { showScenario } from './show-scenario.ts'
import { stopRequested } from './stop-requested.ts'

/** Tool servers, catalogue and baselines that are not the demo's. */
export interface OwnTools {
  readonly serversFile: string
  readonly bundleFile: string
  readonly baselinesFile: string | undefined
}

export interface UpOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** `stay`: play it, then stay up; `once`: play it and end; `none`: stay up without. */
  readonly scenario: 'stay' | 'once' | 'none'
  /** Where topics live on; omitted: nothing is kept. */
  readonly dataFolder?: string
  readonly own?: OwnTools
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

/** Brings everything up, shows what goes on, and takes it down again. */
export const up = async (options: UpOptions): Promise<void> => {
  const stop = stopRequested()
  const printer = progressPrinter(process.stdout)
  const workplace = await openWorkplace({ ...options, onProgress: printer.show })
  try {
    const random = seededRandom(companySeed)
    const world = makeWorld(random)
    const tools = await prepareTools(workplace, options.own, world)
    const stack = await startStack(workplace, { ...tools, partitions, ports })
    console.log(`\nReady after ${(stack.totalMs / 1000).toFixed(1)} s.`)
    await watch(stack, async view => {
      if (options.scenario !== 'none')
        await showScenario({ stack, world, random, view, pauseMs, signal: stop.signal })
      if (options.scenario === 'once' || stop.signal.aborted) return
      view.announce(guideLines(stack, workplace.folder))
      await Promise.race([stop.requested, failure(stack)])
    })
  } finally {
    console.log('Stopping.')
    await workplace.close()
    stop.close()
  }
}

const prepareTools = async (
  workplace: Workplace,
  own: OwnTools | undefined,
  world: World,
): Promise<Pick<StackOptions, 'toolServers' | 'bundleFile' | 'baselinesFile'>> => {
  if (own === undefined) return foundCompany(workplace, { world, random: seededRandom(companySeed), pauseMs })
  const toolServers = JSON.parse(await readFile(own.serversFile, 'utf8')) as StackOptions['toolServers']
  return {
    toolServers,
    bundleFile: own.bundleFile,
    baselinesFile: own.baselinesFile ?? (await noBaselines(workplace)),
  }
}

const noBaselines = async ({ folder }: Workplace): Promise<string> => {
  const file = join(folder, 'baselines.json')
  await writeFile(file, encodeBaselines(emptyBaselines))
  return file
}

/** Shows sessions live for as long as `work` takes. */
const watch = async (stack: Stack, work: (view: LiveView) => Promise<void>): Promise<void> => {
  const view = openLiveView(process.stdout)
  const client = openKafkaClient(stack.broker.settings, { log: quiet })
  try {
    const { topicPrefix } = stack.broker.settings
    const codec = await openSerde({ registry: stack.registry.settings, topicPrefix, register: false })
    const feed = await openFactFeed(client, codec, fact => view.show(fact))
    await work(view)
    await feed.close()
  } finally {
    view.close()
    await client.close()
  }
}

const failure = async (stack: Stack): Promise<never> => {
  throw await stack.failed
}

/** What does not pass is thrown; a retry of the view's own connection is nothing to show. */
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
