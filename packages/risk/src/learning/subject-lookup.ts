import type { BaselineLookup, BaselineView } from '../baseline/baseline-view.ts'
import { baselineView } from '../baseline/baseline-view.ts'
import type { Subject } from './subject.ts'
import { everyone } from './subject.ts'
import type { SubjectBaseline } from './subject-baseline.ts'

/** One version of a subject's baseline, always the same object; version 0: that of the file. */
export type FindSubject = (subject: Subject, version: number) => SubjectBaseline

// Laid out once for each combination, and let go of with the baselines that it was laid out from.
type ViewsOfAll = WeakMap<SubjectBaseline, BaselineView>
type ViewsOfRole = WeakMap<SubjectBaseline, ViewsOfAll>

/** Finds baselines by the versions that a session is pinned to. @param version of the file */
export const subjectLookup = (find: FindSubject, version: number): BaselineLookup => {
  const views = new WeakMap<SubjectBaseline, ViewsOfRole>()
  return (agentId, role, pins) => {
    const agent = find({ kind: 'agent', name: agentId }, pins.agent)
    const ofRole = find({ kind: 'role', name: role }, pins.role)
    const all = find(everyone, pins.all)
    const viewsOfRole = held(views, agent, () => new WeakMap())
    const viewsOfAll = held(viewsOfRole, ofRole, () => new WeakMap())
    return held(viewsOfAll, all, () =>
      baselineView({
        version,
        agent: agent.profile,
        role: ofRole.profile,
        all: all.profile,
        suspicions: agent.suspicions,
        peaks: { role: ofRole.peaks, all: all.peaks },
      }),
    )
  }
}

const held = <Key extends object, Value>(map: WeakMap<Key, Value>, key: Key, make: () => Value): Value => {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
