import type { Stop } from '../containment/bench-agent.ts'
import type { Refusal } from '../containment/join-refusals.ts'

/** Why the figures of a way to stop sessions must not be used: they leave out what was missed, and hold what stopped otherwise. */
export const endingFaults = (
  name: string,
  expected: Stop,
  { missed, refusals }: { readonly missed: number; readonly refusals: readonly Pick<Refusal, 'reason'>[] },
): readonly string[] => {
  const others = refusals.filter(({ reason }) => reason !== expected).length
  return [
    ...(missed > 0 ? [`${name}: expected every engine to refuse every session, got ${missed} missed`] : []),
    ...(others > 0 ? [`${name}: expected every refusal to be ${expected}, got ${others} others`] : []),
  ]
}
