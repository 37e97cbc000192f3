import type { InvocationAttempted } from '@cordon/schemas'

import { BaselineBuilder } from '../baseline/baseline-builder.ts'
import { baselineLookup } from '../baseline/baseline-view.ts'
import { sessionStart } from '../baseline/tool-key.ts'
import { mixHashes, nameKey } from '../hash.ts'
import { playLog } from '../play-log.ts'
import { createKernel } from '../kernel.ts'
import type { KernelOptions } from '../kernel-options.ts'
import type { SessionEvent } from '../session-event.ts'
import { eachParameter } from '../signals/argument-signal.ts'
import type { Work } from '../standing/work.ts'
import { emptyCalibration, maxFolds, peaksOf } from './calibration.ts'
import type { Calibration, WorkPeaks } from './calibration.ts'
import { groupSessions } from './work-groups.ts'
import type { Traits } from './work-groups.ts'

/** What one session reached, judged by a baseline that had not learned from it. */
interface Sample {
  readonly role: string
  readonly work: Work
  readonly peak: number
}

/**
 * Cross-fitted calibration: every session is judged by baselines learned from the others, with its like left out with it. So it is judged
 * as new work will be, and what is promised holds for that too.
 * @param logs of sessions that closed in good standing, each beginning with `SessionOpened`
 * @param options of the kernel that will judge, without its baselines
 * @throws RiskError `SESSION_LOG_MALFORMED`
 */
export const calibrate = (
  logs: readonly (readonly SessionEvent[])[],
  options: Omit<KernelOptions, 'baselineFor' | 'thresholds'> = {},
): Calibration => {
  if (logs.length < 2) return emptyCalibration
  const samples = crossFit(logs, groupSessions(logs.map(traitsOf)), options)
  const names = new Set(samples.map(({ role }) => role))
  return {
    roles: Object.fromEntries(
      [...names].sort().map(name => [name, workPeaks(samples.filter(({ role }) => role === name))]),
    ),
    all: workPeaks(samples),
  }
}

const crossFit = (
  logs: readonly (readonly SessionEvent[])[],
  groups: readonly number[],
  options: Omit<KernelOptions, 'baselineFor' | 'thresholds'>,
): Sample[] => {
  const samples: Sample[] = []
  for (let fold = 0; fold < maxFolds; fold += 1) {
    const heldOut = logs.filter((_, index) => groups[index]! % maxFolds === fold)
    if (heldOut.length === 0) continue
    const builder = new BaselineBuilder()
    for (const [index, log] of logs.entries()) if (groups[index]! % maxFolds !== fold) builder.learn(log)
    const kernel = createKernel({ ...options, baselineFor: baselineLookup(builder.baselines()) })
    for (const log of heldOut) {
      const { session, peak } = playLog(kernel, log)
      samples.push({ role: session.role, work: session.work, peak })
    }
  }
  return samples
}

const workPeaks = (samples: readonly Sample[]): WorkPeaks => {
  const of = (isNew: boolean): readonly (readonly [number, number])[] =>
    samples.filter(({ work }) => (work === 'new') === isNew).map(({ peak }) => [peak, 1] as const)
  return { recurring: peaksOf(of(false)), new: peaksOf(of(true)) }
}

const traitsOf = (log: readonly SessionEvent[]): Traits => {
  const keys = new Set<number>()
  let previous: number = sessionStart
  for (const { name, value } of log) {
    if (name !== 'InvocationAttempted') continue
    const attempt: InvocationAttempted = value
    const tool = nameKey(attempt.tool)
    keys.add(tool)
    keys.add(mixHashes(previous, tool))
    eachParameter(attempt, tool, (_slot, key) => keys.add(key))
    previous = tool
  }
  const [first] = log
  return { agentId: first?.name === 'SessionOpened' ? first.value.agentId : '', keys }
}
