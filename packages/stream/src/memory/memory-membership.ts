import type { Membership, MembershipOptions } from '../ports.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import type { MemoryEpoch, MemoryGroup, MemoryMember } from './memory-group.ts'
import type { MemoryLink } from './memory-link.ts'

/** A client's part in a group. */
export class MemoryMembership implements Membership, MemoryMember {
  readonly memberId: string
  readonly client: string
  readonly #link: MemoryLink
  readonly #group: MemoryGroup
  readonly #options: MembershipOptions
  #owned: ReadonlySet<number> = new Set()

  private constructor(link: MemoryLink, group: MemoryGroup, options: MembershipOptions) {
    this.memberId = `${options.group}/${link.client}`
    this.client = link.client
    this.#link = link
    this.#group = group
    this.#options = options
  }

  /** Resolves with the first assignment, once it is announced. @throws StreamError */
  static async join(
    cluster: MemoryCluster,
    link: MemoryLink,
    options: MembershipOptions,
  ): Promise<MemoryMembership> {
    const { group: name, topic } = options
    const group = await link.persist({ operation: 'join', topic }, () => cluster.group(name, topic))
    const membership = new MemoryMembership(link, group, options)
    await group.join(membership)
    return membership
  }

  get owned(): ReadonlySet<number> {
    return this.#owned
  }

  get isReachable(): boolean {
    return this.#link.isConnected
  }

  async close(): Promise<void> {
    await this.#group.leave(this.memberId)
  }

  async assign(partitions: readonly number[], epoch: MemoryEpoch): Promise<void> {
    await this.#hear('assign', async () => {
      this.#owned = new Set(partitions)
      await this.#options.onAssigned(partitions, epoch)
    })
  }

  async revoke(partitions: readonly number[], epoch: MemoryEpoch): Promise<void> {
    await this.#hear('revoke', async () => {
      epoch.isBelieved = false
      this.#owned = new Set()
      await this.#options.onRevoked(partitions)
    })
  }

  expelled(partitions: readonly number[], epoch: MemoryEpoch | undefined): void {
    const rejoin = async (): Promise<void> => {
      // Heard at once, or when the client is reached again.
      if (epoch === undefined) await this.#hear('revoke', () => Promise.resolve())
      else await this.revoke(partitions, epoch)
      if (this.#link.isOpen) await this.#group.join(this)
    }
    void rejoin()
  }

  // What a handler throws concerns its service; the group has to go on.
  async #hear(operation: 'assign' | 'revoke', handle: () => Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#link.tell({ operation, topic: this.#options.topic }, () => {
      handle().then(resolve, resolve)
    })
    await promise
  }
}
