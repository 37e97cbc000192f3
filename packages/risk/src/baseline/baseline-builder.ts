import { emptyCalibration } from '../calibration/calibration.ts'
import type { Calibration } from '../calibration/calibration.ts'
import { pupilOf, readLesson } from '../lesson/read-lesson.ts'
import type { SessionEvent } from '../session-event.ts'
import type { Baselines, Profile } from './baselines.ts'
import { agentCapacity, poolCapacity } from './capacity.ts'
import { ProfileBuilder } from './profile-builder.ts'

/**
 * Learns baselines from recorded sessions. Whoever calls it decides which sessions may teach: those that closed in good
 * standing.
 */
export class BaselineBuilder {
  readonly #agents = new Map<string, ProfileBuilder>()
  readonly #roles = new Map<string, ProfileBuilder>()
  readonly #all = new ProfileBuilder(poolCapacity)
  #version = 0

  /**
   * @param events one session's log in its order, beginning with `SessionOpened`
   * @throws RiskError `SESSION_LOG_MALFORMED`
   */
  learn(events: readonly SessionEvent[]): void {
    const { agentId, role } = pupilOf(events)
    const agent = builderOf(this.#agents, agentId, true)
    const ofRole = builderOf(this.#roles, role, false)
    const lesson = readLesson(events, { agent, role: ofRole, all: this.#all })
    for (const builder of [agent, ofRole, this.#all]) builder.learn(lesson)
    this.#version += 1
  }

  /** @param calibration of these sessions, where it was worked out */
  baselines(calibration: Calibration = emptyCalibration): Baselines {
    return {
      version: this.#version,
      agents: profilesOf(this.#agents),
      roles: profilesOf(this.#roles),
      all: this.#all.profile(),
      calibration,
    }
  }
}

const builderOf = (builders: Map<string, ProfileBuilder>, name: string, isAgent: boolean): ProfileBuilder => {
  const held = builders.get(name)
  if (held !== undefined) return held
  const builder = new ProfileBuilder(isAgent ? agentCapacity : poolCapacity)
  builders.set(name, builder)
  return builder
}

const profilesOf = (builders: ReadonlyMap<string, ProfileBuilder>): Record<string, Profile> =>
  Object.fromEntries([...builders].map(([name, builder]) => [name, builder.profile()]))
