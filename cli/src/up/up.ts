import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { foundCompany, makeWorld, startMailServer, type Company, type World } from '@cordon/demo'
import { CordonError, seededRandom } from '@cordon/foundation'
import { openWorkplace, startStack, type Stack, type StackTools, type Workplace } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import type { LiveView } from '../live/live-view.ts'
import { progressPrinter } from '../terminal/progress-printer.ts'
import { sayFault } from '../terminal/say-fault.ts'
import { connectCode, ownAgentCode, ownHumans } from './agents-of-stack.ts'
import { writeConnectProfiles } from './connect-profiles.ts'
import { guideLines, type GuideOptions } from './guide.ts'
import { readOwnTools, type OwnFiles, type OwnTools } from './own-tools.ts'
import { showScenario, type ShowOptions } from './show-scenario.ts'
import { stopRequested } from './stop-requested.ts'
import { unstartableServers } from './unstartable-servers.ts'
import { watchSessions } from './watch-sessions.ts'

export interface UpOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** `stay`: play it, then stay up; `once`: play it and end; `none`: stay up without. */
  readonly scenario: 'stay' | 'once' | 'none'
  /** Where topics live on; omitted: nothing is kept. */
  readonly dataFolder?: string
  readonly own?: OwnFiles
  /** Where agents come in; omitted: a usual one, or another where that is in use. */
  readonly proxyPort?: number
}

/** A seed of no meaning: every start shows the same small company. */
const companySeed = 2026
const partitions = 8
/** Nobody waits a day on his own machine to see what sessions teach. */
const variables = { scorer: { CORDON_QUARANTINE_MS: '5000' } }
/** Longest pause between two calls of a scripted session: slow enough to watch. */
const pauseMs = 900
/** Written where no bundle was named; made anew at each start. */
const starterBundleName = 'starter-bundle.json'
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
  const printer = progressPrinter(process.stdout)
  const workplace = await openWorkplace({ ...options, onProgress: printer.show }).catch(withWaysOut)
  const stop = stopRequested()
  const starter = own !== undefined && 'text' in own.bundleSource
  try {
    const random = seededRandom(companySeed)
    const world = makeWorld(random)
    const tools = own === undefined ? foundDemo(workplace, world) : ownStackTools(workplace, own)
    // A stack that fails first is what is said; what it waits for is cut off with it.
    void tools.catch(() => undefined)
    const stack = await Promise.race([
      startStack(workplace, {
        tools,
        partitions,
        ports,
        variables,
        ...(options.proxyPort === undefined ? {} : { proxyPort: options.proxyPort }),
      }),
      stop.requested,
      failureOf(workplace),
    ])
    if (stack === undefined) return
    const facts = await guideFacts(workplace, stack, tools)
    const show = async (view: LiveView): Promise<void> => {
      view.announce(['', `Ready after ${(performance.now() / 1000).toFixed(1)} s.`])
      if (own !== undefined)
        for (const fault of await unstartableServers(own.toolServers, options.environment['PATH'] ?? ''))
          view.warn(fault)
      if (options.scenario !== 'none')
        await showScenario({ ...facts, stack, world, random, view, pauseMs, signal: stop.signal })
      if (options.scenario === 'once' || stop.signal.aborted) return
      const explainsScore = options.scenario === 'none'
      const { folder } = workplace
      const starterBundleFile = starter ? join(folder, starterBundleName) : undefined
      view.announce(guideLines({ ...facts, stack, folder, explainsScore, starterBundleFile }))
      await stop.requested
    }
    await watchSessions(stack, facts.bundle, view => Promise.race([show(view), failureOf(workplace)]))
  } catch (error) {
    printer.close()
    // Why it stops stands before that it does, which takes a while.
    sayFault(error)
    throw error
  } finally {
    printer.close()
    console.log('Stopping.')
    await workplace.close()
    console.log('Stopped.')
    stop.close()
  }
}

const withWaysOut = (error: unknown): never => {
  if (!(error instanceof CordonError) || error.code !== 'FOLDER_IN_USE') throw error
  throw new CordonError(
    error.code,
    `${error.message}\nOr run beside it: --data takes another folder, --throwaway keeps nothing.`,
    { cause: error },
  )
}

const failureOf = async ({ supervisor }: Workplace): Promise<never> => {
  throw await supervisor.failed
}

type Facts = Omit<GuideOptions, 'stack' | 'folder' | 'explainsScore' | 'starterBundleFile'> &
  Pick<ShowOptions, 'mailUrl'>

/** What only a running stack can be told about; the company's mail server asks its engine for keys. */
const guideFacts = async (
  workplace: Workplace,
  stack: Stack,
  founded: Promise<StackTools | Company>,
): Promise<Facts> => {
  const tools = await founded
  const { toolServers } = tools
  const company = 'mailPort' in tools ? tools : undefined
  if (company !== undefined) await startMailServer(workplace, company.mailPort, stack)
  return {
    toolServers,
    bundle: stack.bundle,
    companyFolder: company?.folder,
    mailUrl: company?.mailUrl,
    profiles: await writeConnectProfiles(workplace.folder, stack, Object.keys(toolServers)),
  }
}

const foundDemo = async (workplace: Workplace, world: World): Promise<Company> => {
  const company = await foundCompany(workplace, { world, random: seededRandom(companySeed), pauseMs })
  return { ...company, agentCode: { ...company.agentCode, 'my-agent': connectCode } }
}

const ownStackTools = async (
  workplace: Workplace,
  { toolServers, bundle, bundleSource, baselinesFile }: OwnTools,
): Promise<StackTools> => ({
  toolServers,
  bundleFile: 'file' in bundleSource ? bundleSource.file : await startBundle(workplace, bundleSource.text),
  baselinesFile: baselinesFile ?? (await noBaselines(workplace)),
  agentCode: ownAgentCode(bundle),
  humans: ownHumans(bundle),
})

const startBundle = async ({ folder }: Workplace, text: string): Promise<string> => {
  const file = join(folder, starterBundleName)
  await writeFile(file, text)
  return file
}

const noBaselines = async ({ folder }: Workplace): Promise<string> => {
  const file = join(folder, 'baselines.json')
  await writeFile(file, encodeBaselines(emptyBaselines))
  return file
}
