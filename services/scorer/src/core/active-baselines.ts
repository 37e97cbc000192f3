import { CordonError } from '@cordon/foundation'
import type { BaselinePins } from '@cordon/risk'
import { everyone, subjectKey } from '@cordon/risk'
import type { BaselineVersion } from '@cordon/schemas'
import type { StateChange, StateView } from '@cordon/stream'

import { activeBaselineKey, isSession } from './scorer-state.ts'
import type { ScorerState } from './scorer-state.ts'

/** What deciding which baselines are in force asks of those who hold them. */
export interface HeldBaselines {
  has(version: BaselineVersion): boolean
}

/**
 * Brings versions into force on the partition: sessions that are opened from here on begin with them. The log says so itself
 * (a tick names them), because a score has to follow from the log alone.
 * @throws CordonError `BASELINE_AWAITED`, which a later try may cure, where one is not held yet
 */
export const activate = (
  versions: readonly BaselineVersion[],
  states: StateView<ScorerState>,
  held: HeldBaselines,
): readonly StateChange<ScorerState>[] => {
  const newer = versions.filter(({ subject, version }) => version > versionOf(states, subject))
  const changes = newer.map(({ subject, version }) => {
    if (!held.has({ subject, version })) throw baselineAwaited({ subject, version })
    return { key: activeBaselineKey(subject), state: { subject, version } }
  })
  if (changes.length === 0) return changes
  const count = { subject: '', version: versionOf(states, '') + changes.length }
  return [...changes, { key: activeBaselineKey(''), state: count }]
}

/** What a session that is opened now begins with. */
export const pinsAt = (states: StateView<ScorerState>, agentId: string, role: string): BaselinePins => ({
  version: versionOf(states, ''),
  agent: versionOf(states, subjectKey({ kind: 'agent', name: agentId })),
  role: versionOf(states, subjectKey({ kind: 'role', name: role })),
  all: versionOf(states, subjectKey(everyone)),
})

const versionOf = (states: StateView<ScorerState>, subject: string): number => {
  const state = states.get(activeBaselineKey(subject))
  return state === undefined || isSession(state) ? 0 : state.version
}

/** It was published before anybody could name it, so that it is on its way here. */
export const baselineAwaited = ({ subject, version }: BaselineVersion): CordonError =>
  new CordonError(
    'BASELINE_AWAITED',
    `baseline of ${subject}: expected to hold version ${version}, got none yet`,
    { retryable: true },
  )
