import type { EngineId } from '@cordon/foundation'

import type { ReplayedStandings } from '../core/replayed-standings.ts'
import type { OpenSessionLog } from './kafka-session-log.ts'

/** Engines start at different times: of many, one tells, and the others see the answer before it is their turn. */
const intervalMs = 1_000

export interface ReplayReportsOptions {
  readonly engineId: EngineId
  readonly replays: Pick<ReplayedStandings, 'due'>
  readonly sessionLog: Pick<OpenSessionLog, 'append'>
}

/** Puts replayed standings on record in their sessions' logs, where their scorers find them. @returns stops it */
export const startReplayReports = ({ engineId, replays, sessionLog }: ReplayReportsOptions): (() => void) => {
  const timer = setInterval(() => {
    for (const { sessionId, standingVersion } of replays.due(performance.now())) {
      const value = { sessionId, standingVersion, engineId, seenAt: Date.now() }
      sessionLog.append(sessionId, [{ name: 'StandingReplayed', value }], 'later')
    }
  }, intervalMs)
  return () => clearInterval(timer)
}
