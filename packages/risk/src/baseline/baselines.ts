import type { ResourceKind } from '@cordon/schemas'

import { emptyCalibration } from '../calibration/calibration.ts'
import type { Calibration } from '../calibration/calibration.ts'
import type { OriginRow } from './origin-counts.ts'
import type { ParameterRow } from './parameter-rows.ts'

/** What sessions that closed in good standing taught, as it is stored. */
export interface Baselines {
  /** Counts the times something was learned; decisions name it. */
  readonly version: number
  /** By agentId. */
  readonly agents: Readonly<Record<string, Profile>>
  /** By role of the human; what an agent's few sessions are shrunk to. */
  readonly roles: Readonly<Record<string, Profile>>
  /** What the roles are shrunk to. */
  readonly all: Profile
  /** What thresholds follow from. */
  readonly calibration: Calibration
}

/** What one agent, role, or everyone normally does. Bounded; what is dropped counts as not learned. */
export interface Profile {
  readonly sessions: number
  /** Calls learned, after the cap per session. */
  readonly calls: number
  /** Name (a `#` and a hash where the name is long or unusual), count, sensitivity. */
  readonly tools: readonly (readonly [name: string, count: number, sensitivity: number])[]
  /** Positions in `tools` (-1: start of the session), count. */
  readonly after: readonly (readonly [previous: number, tool: number, count: number])[]
  /** Positions in `tools` (-1: start of the session), count. */
  readonly afterTwo: readonly (readonly [beforeThat: number, previous: number, tool: number, count: number])[]
  /** Contexts in which sessions ended: positions in `tools`, count. */
  readonly ends: {
    readonly after: readonly (readonly [previous: number, count: number])[]
    readonly afterTwo: readonly (readonly [beforeThat: number, previous: number, count: number])[]
  }
  readonly resources: Readonly<Partial<Record<ResourceKind, ResourceHabit>>>
  /** Keys of entities that arguments of at least three sessions carried (low 32 bits of fingerprints); least recently used first. */
  readonly entities: readonly number[]
  /** The same of entities that came up anywhere in at least three, also in results. */
  readonly met: readonly number[]
  /** How each parameter of each tool is used: its `slotKey`, uses after the cap per session, distinct values ever. */
  readonly parameters: readonly ParameterRow[]
  /** `valueKey`s of values that parameters took; least recently used first. */
  readonly values: readonly number[]
  /** Results by `sizeClassOf`. */
  readonly sizes: readonly number[]
  readonly rate: RateHabit
  /** Forwarded calls, and those that ended in an error. */
  readonly outcomes: { readonly calls: number; readonly failures: number }
  readonly sinks: SinkHabit
  /** The same by tool, and by the ways that foreign targets took. */
  readonly origins: readonly OriginRow[]
}

/** Calls of sensitive tools, and those of them that carried something out of a result: see `Taint`. */
export interface SinkHabit {
  readonly calls: number
  readonly foreign: number
  readonly targets: number
  readonly others: number
}

/** How one kind of resource is used. */
export interface ResourceHabit {
  /** Uses, after the cap per session. */
  readonly draws: number
  /** Distinct resources ever, also those since dropped from `seen`. */
  readonly distinct: number
  /** Low 32 bits of the hashes of kind and name; least recently used first. */
  readonly seen: readonly number[]
}

/** Calls per second, over sessions (Welford). */
export interface RateHabit {
  readonly sessions: number
  readonly mean: number
  /** Sum of squared differences from the mean. */
  readonly squares: number
}

export const emptyProfile: Profile = {
  sessions: 0,
  calls: 0,
  tools: [],
  after: [],
  afterTwo: [],
  ends: { after: [], afterTwo: [] },
  resources: {},
  entities: [],
  met: [],
  parameters: [],
  values: [],
  sizes: [],
  rate: { sessions: 0, mean: 0, squares: 0 },
  outcomes: { calls: 0, failures: 0 },
  sinks: { calls: 0, foreign: 0, targets: 0, others: 0 },
  origins: [],
}

export const emptyBaselines: Baselines = {
  version: 0,
  agents: {},
  roles: {},
  all: emptyProfile,
  calibration: emptyCalibration,
}
