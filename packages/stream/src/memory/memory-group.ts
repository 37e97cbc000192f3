import { assignPartitions } from '../kafka/stable-assignment.ts'
import type { AssignmentEpoch } from '../ports.ts'

export interface MemoryMember {
  readonly memberId: string
  readonly client: string
  readonly isReachable: boolean
  assign(partitions: readonly number[], epoch: MemoryEpoch): Promise<void>
  /** Resolves when the member has heard of it and finished with its partitions. */
  revoke(partitions: readonly number[], epoch: MemoryEpoch): Promise<void>
  /** The group goes on without the member, which does not know. */
  expelled(partitions: readonly number[], epoch: MemoryEpoch | undefined): void
}

interface Joined {
  readonly member: MemoryMember
  readonly gone: PromiseWithResolvers<void>
  owned: readonly number[]
  epoch: MemoryEpoch | undefined
}

/** An assignment of a group in memory. */
export class MemoryEpoch implements AssignmentEpoch {
  readonly memberId: string
  readonly generation: number
  /** What the group says. */
  isConfirmed = true
  /** What the member knows. */
  isBelieved = true

  constructor(memberId: string, generation: number) {
    this.memberId = memberId
    this.generation = generation
  }

  isCurrent(): boolean {
    return this.isBelieved
  }
}

/** Who owns which partition: each change is a generation, in which old owners finish before new ones begin. */
export class MemoryGroup {
  readonly #partitions: readonly number[]
  readonly #members = new Map<string, Joined>()
  #generation = 0
  #settled: Promise<void> = Promise.resolve()

  constructor(partitions: number) {
    this.#partitions = Array.from({ length: partitions }, (_, partition) => partition)
  }

  /** Resolves when the member has its assignment. */
  async join(member: MemoryMember): Promise<void> {
    await this.#change(() => {
      // It was lost while it waited for its turn.
      if (!member.isReachable) return member.expelled([], undefined)
      this.#members.set(member.memberId, {
        member,
        gone: Promise.withResolvers(),
        owned: [],
        epoch: undefined,
      })
    })
  }

  /** Resolves when the member has given back what it owned. */
  async leave(memberId: string): Promise<void> {
    if (!this.#members.has(memberId)) return
    await this.#change(async () => {
      const joined = this.#members.get(memberId)
      if (joined !== undefined) await this.#revoke(joined)
      this.#members.delete(memberId)
    })
  }

  /** The members of a client are gone without having been told; they may believe otherwise. */
  expel(client: string): void {
    const expelled = [...this.#members.values()].filter(({ member }) => member.client === client)
    if (expelled.length === 0) return
    for (const { member, gone, owned, epoch } of expelled) {
      if (epoch !== undefined) epoch.isConfirmed = false
      gone.resolve()
      this.#members.delete(member.memberId)
      member.expelled(owned, epoch)
    }
    void this.#change(() => {})
  }

  async #change(apply: () => Promise<void> | void): Promise<void> {
    const previous = this.#settled
    const change = async (): Promise<void> => {
      await previous
      await apply()
      await this.#rebalance()
    }
    this.#settled = change()
    await this.#settled
  }

  async #rebalance(): Promise<void> {
    await Promise.all([...this.#members.values()].map(async joined => await this.#revoke(joined)))
    this.#generation += 1
    const shares = assignPartitions(
      [...this.#members.values()].map(({ member, owned, epoch }) => ({
        memberId: member.memberId,
        generation: epoch?.generation ?? -1,
        owned,
      })),
      this.#partitions,
    )
    await Promise.all(
      [...this.#members.values()].map(async joined => {
        const { memberId } = joined.member
        joined.owned = shares.get(memberId) ?? []
        joined.epoch = new MemoryEpoch(memberId, this.#generation)
        if (joined.owned.length === 0) return
        await Promise.race([joined.member.assign(joined.owned, joined.epoch), joined.gone.promise])
      }),
    )
  }

  async #revoke({ member, owned, epoch, gone }: Joined): Promise<void> {
    if (epoch === undefined || !epoch.isConfirmed) return
    epoch.isConfirmed = false
    if (owned.length === 0) epoch.isBelieved = false
    else await Promise.race([member.revoke(owned, epoch), gone.promise])
  }
}
