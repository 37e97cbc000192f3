import type { AssignmentEpoch } from '@cordon/stream'

/** An assignment that stays current until it is told otherwise. */
export const heldAssignment = (generation: number): AssignmentEpoch & { current: boolean } => ({
  memberId: `member-${generation}`,
  generation,
  current: true,
  isCurrent() {
    return this.current
  },
})
