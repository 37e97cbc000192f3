import {
  injectionText,
  obeys,
  openAgentPlatform,
  playScenario,
  type Injection,
  type PlayedCall,
  type PlayedSession,
  type World,
} from '@cordon/demo'
import { CordonError, type Random } from '@cordon/foundation'
import type { Stack } from '@cordon/infra'
import type { Bundle } from '@cordon/policy'

import type { LiveView } from '../live/live-view.ts'
import { scoreExplained } from '../live/score-in-words.ts'

export interface ShowOptions {
  readonly stack: Stack
  readonly bundle: Pick<Bundle, 'thresholds'>
  readonly world: World
  readonly random: Random
  readonly view: LiveView
  readonly pauseMs: number
  readonly signal: AbortSignal
  /** Of the company's mail server itself. */
  readonly mailUrl: string | undefined
}

const ordinarySessions = 10
const parallel = 4
const unauthorized = 401

/**
 * Plays the scenario and says how it ended.
 * @throws CordonError `SCENARIO_FAILED` where the hijack was not stopped, or an ordinary session was held
 */
export const showScenario = async ({
  stack,
  view,
  signal,
  bundle,
  mailUrl,
  ...options
}: ShowOptions): Promise<void> => {
  const { injection } = options.world.poisonedTicket
  view.announce([
    '',
    'Two scripted agents go to work on real MCP servers, a filesystem and a database. The agents are scripts, not language',
    'models; servers, protocol, pipeline and decisions are real. So are the log-ins of their humans (authorization code with PKCE),',
    "the exchange that opens each session, the proof of every call by the session's own key, and the token for that one call that",
    'its tool server gets. In one of the tickets that they answer, somebody has hidden an instruction, and the agent that reads it',
    'obeys:',
    '',
    ...injectionText(injection)
      .split('\n')
      .map(line => `  | ${line}`),
    '',
    ...scoreExplained(bundle.thresholds),
  ])
  try {
    const played = await playScenario({
      ...options,
      platform: openAgentPlatform(stack),
      ordinarySessions,
      parallel,
      signal,
    })
    view.announce([...outcomeLines(injection, played), ...(await aroundLines(mailUrl))])
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const outcomeLines = (injection: Injection, played: readonly PlayedSession[]): string[] => {
  const hijacked = played.filter(({ poisoned }) => poisoned).flatMap(({ calls }) => calls)
  const obeying = hijacked.filter(call => obeys(injection, call))
  const ordinary = played.filter(({ poisoned }) => !poisoned)
  const passed = obeying.filter(isThrough).length
  const held = ordinary.filter(({ calls }) => !calls.every(isThrough)).length
  if (passed > 0 || obeying.length === 0) {
    const got = obeying.length === 0 ? 'no such call' : `${passed} of ${obeying.length} through`
    throw failed(`every call that obeys the hidden instruction to be refused, got ${got}`)
  }
  if (held > 0) throw failed(`no ordinary session to be held, got ${held}`)
  const refused = hijacked.length - hijacked.filter(isThrough).length
  const ordinaryCalls = ordinary.reduce((sum, { calls }) => sum + calls.length, 0)
  return [
    '',
    `The hijacked session was ${isSuspended(hijacked) ? 'stopped' : 'held'}: none of the ${obeying.length} calls that obeyed the instruction got through, and`,
    `${refused - obeying.length} others of it were refused as well. ${ordinary.length} ordinary sessions made ${ordinaryCalls} calls; none was held.`,
  ]
}

/** @throws CordonError `SCENARIO_FAILED` where a tool server that checks call tokens acts on a call that no engine let pass */
const aroundLines = async (mailUrl: string | undefined): Promise<string[]> => {
  if (mailUrl === undefined) return []
  const response = await fetch(mailUrl, { method: 'POST', body: '{}' })
  await response.body?.cancel()
  if (response.status !== unauthorized) throw failed(`no way around the proxy, got status ${response.status}`)
  return [
    '',
    `A call straight to the mail server, around the proxy, is answered with ${unauthorized}: it takes calls that an engine let pass.`,
  ]
}

const isThrough = ({ refusal }: PlayedCall): boolean => refusal === undefined

/** As the agent was told. */
const isSuspended = (calls: readonly PlayedCall[]): boolean =>
  calls.some(({ refusal }) => refusal?.includes('(SESSION_SUSPENDED)') === true)

const failed = (what: string): CordonError => new CordonError('SCENARIO_FAILED', `scenario: expected ${what}`)
