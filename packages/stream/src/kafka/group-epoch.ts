import type { AssignmentEpoch } from '../ports.ts'

/** What an epoch asks of the member that it was handed to. */
export interface EpochMember {
  readonly sessionTimeoutMs: number
  /** When the last heartbeat was sent that the coordinator answered with yes, on the monotonic clock. */
  readonly confirmedAt: number
  /** The generation that the member is in; `undefined` between two and after it left. */
  readonly generation: number | undefined
  /** Asks the coordinator now. */
  confirm(): Promise<boolean>
}

/**
 * An assignment of the consumer group. The coordinator counts a member as gone when it hears nothing for the session time-out; the
 * member counts from the sending of what was answered, so it never believes in itself for longer than the coordinator.
 */
export class GroupEpoch implements AssignmentEpoch {
  readonly memberId: string
  readonly generation: number
  readonly #member: EpochMember
  readonly #now: () => number

  /** @param now monotonic milliseconds */
  constructor(
    memberId: string,
    generation: number,
    member: EpochMember,
    now: () => number = () => performance.now(),
  ) {
    this.memberId = memberId
    this.generation = generation
    this.#member = member
    this.#now = now
  }

  isCurrent(): boolean {
    const { generation, confirmedAt, sessionTimeoutMs } = this.#member
    return generation === this.generation && this.#now() - confirmedAt < sessionTimeoutMs
  }

  /** As `isCurrent`, by the coordinator's word of this moment instead of the last heartbeat's. */
  async confirm(): Promise<boolean> {
    return this.isCurrent() && (await this.#member.confirm()) && this.isCurrent()
  }
}
