import { identityClient, playScenario, type PlayedSession, type World } from '@cordon/demo'
import { CordonError, type Random } from '@cordon/foundation'
import type { Stack } from '@cordon/infra'

import type { LiveView } from '../live/live-view.ts'

export interface ShowOptions {
  readonly stack: Stack
  readonly world: World
  readonly random: Random
  readonly view: LiveView
  readonly pauseMs: number
  readonly signal: AbortSignal
}

const ordinarySessions = 10
const parallel = 4

/**
 * Plays the scenario and says how it ended.
 * @throws CordonError `SCENARIO_FAILED` where the hijack was not stopped, or an ordinary session was held
 */
export const showScenario = async ({ stack, view, signal, ...options }: ShowOptions): Promise<void> => {
  view.announce([
    '',
    'Two scripted agents go to work on real MCP servers, a filesystem and a database. The agents are scripts, not language',
    'models; servers, protocol, pipeline and decisions are real. One of the tickets carries an instruction that its reader',
    'never asked for.',
  ])
  try {
    const played = await playScenario({
      ...options,
      identity: identityClient(stack.identityUrl, stack.startupSecret),
      proxyUrl: stack.proxyUrl,
      ordinarySessions,
      parallel,
      signal,
    })
    view.announce(outcomeLines(played))
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const outcomeLines = (played: readonly PlayedSession[]): string[] => {
  const refusals = ({ calls }: PlayedSession): number =>
    calls.filter(({ refusal }) => refusal !== undefined).length
  const hijacked = played.filter(({ poisoned }) => poisoned)
  const ordinary = played.filter(({ poisoned }) => !poisoned)
  const held = ordinary.filter(session => refusals(session) > 0)
  if (hijacked.some(session => refusals(session) === 0))
    throw new CordonError(
      'SCENARIO_FAILED',
      'scenario: expected the hijacked session to be stopped, got every call through',
    )
  if (held.length > 0)
    throw new CordonError(
      'SCENARIO_FAILED',
      `scenario: expected no ordinary session to be held, got ${held.length}`,
    )
  return [
    '',
    `The hijacked session was stopped: ${hijacked.reduce((sum, session) => sum + refusals(session), 0)} of its calls were refused.`,
    `${ordinary.length} ordinary sessions made ${ordinary.reduce((sum, { calls }) => sum + calls.length, 0)} calls; none was held.`,
  ]
}
