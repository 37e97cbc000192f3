import type { TopicName } from '@cordon/schemas'

import type { ClusterLink } from './cluster-link.ts'
import { GroupEpoch } from './group-epoch.ts'
import type { EpochMember } from './group-epoch.ts'
import {
  assignmentProtocol,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './group-protocol.ts'
import { faultName } from './kafka-fault.ts'
import type { KafkaJsBroker } from './kafkajs-door.ts'
import { assignPartitions } from './stable-assignment.ts'

export interface GroupMemberOptions {
  readonly link: ClusterLink
  readonly group: string
  readonly topic: TopicName
  readonly sessionTimeoutMs: number
}

/** What a heartbeat says: still in this generation, a new one is due, or the group goes on without this member. */
export type Standing = 'confirmed' | 'rebalancing' | 'expelled'

const expelling: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
])
const groupCoordinator = 0

/**
 * One member of a classic consumer group, by the group protocol itself: kafkajs's consumer neither tells the generation nor
 * waits for a partition's old owner to finish, and beats its heart only between fetches.
 */
export class GroupMember implements EpochMember {
  readonly sessionTimeoutMs: number
  readonly #options: GroupMemberOptions
  readonly #group: string
  #coordinator: KafkaJsBroker | undefined
  #memberId = ''
  #generation: number | undefined
  #confirmedAt = Number.NEGATIVE_INFINITY
  #lastGeneration = -1
  #lastOwned: readonly number[] = []

  constructor(options: GroupMemberOptions) {
    this.#options = options
    this.#group = options.group
    this.sessionTimeoutMs = options.sessionTimeoutMs
  }

  get generation(): number | undefined {
    return this.#generation
  }

  get confirmedAt(): number {
    return this.#confirmedAt
  }

  /** Enters the next generation. Waits for the other members, each for the session time-out at most. */
  async join(): Promise<{ readonly partitions: readonly number[]; readonly epoch: GroupEpoch }> {
    const { link, topic, sessionTimeoutMs } = this.#options
    const wireTopic = link.wireName(topic)
    const coordinator = await this.#findCoordinator()
    const metadata = encodeSubscription(wireTopic, this.#lastGeneration, this.#lastOwned)
    const joined = await this.#asked(() =>
      coordinator.joinGroup({
        groupId: this.#group,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: sessionTimeoutMs,
        memberId: this.#memberId,
        groupProtocols: [{ name: assignmentProtocol, metadata }],
      }),
    )
    this.#memberId = joined.memberId
    const shares = joined.leaderId === joined.memberId ? await this.#share(joined.members, wireTopic) : []
    const sentAt = performance.now()
    const { memberAssignment } = await this.#asked(() =>
      coordinator.syncGroup({
        groupId: this.#group,
        generationId: joined.generationId,
        memberId: joined.memberId,
        groupAssignment: shares,
      }),
    )
    this.#confirmedAt = sentAt
    this.#generation = joined.generationId
    this.#lastGeneration = joined.generationId
    this.#lastOwned = decodeAssignment(memberAssignment)
    return { partitions: this.#lastOwned, epoch: new GroupEpoch(joined.memberId, joined.generationId, this) }
  }

  /** Rejects where the coordinator gave no answer. */
  async beat(): Promise<Standing> {
    const coordinator = await this.#findCoordinator()
    const generation = this.#lastGeneration
    const sentAt = performance.now()
    try {
      await this.#asked(() =>
        coordinator.heartbeat({
          groupId: this.#group,
          groupGenerationId: generation,
          memberId: this.#memberId,
        }),
      )
      this.#confirmedAt = Math.max(this.#confirmedAt, sentAt)
      return 'confirmed'
    } catch (error) {
      const fault = faultName(error)
      const rebalancing = fault === 'REBALANCE_IN_PROGRESS'
      if (!rebalancing && !expelling.has(fault)) throw error
      // An answer about a generation that this member has left meanwhile says nothing about the present one.
      if (generation === this.#lastGeneration) this.#generation = undefined
      return rebalancing ? 'rebalancing' : 'expelled'
    }
  }

  /** Tells the coordinator how far the group is. Rejects where it gave no answer, or did not take it. */
  async report(positions: ReadonlyMap<number, bigint>): Promise<void> {
    const { link, topic } = this.#options
    const coordinator = await this.#findCoordinator()
    const partitions = [...positions].map(([partition, offset]) => ({ partition, offset: String(offset) }))
    await this.#asked(() =>
      coordinator.offsetCommit({
        groupId: this.#group,
        groupGenerationId: this.#lastGeneration,
        memberId: this.#memberId,
        topics: [{ topic: link.wireName(topic), partitions }],
      }),
    )
  }

  async confirm(): Promise<boolean> {
    return (await this.beat()) === 'confirmed'
  }

  /** Ends the membership at once instead of by the session time-out. */
  async leave(): Promise<void> {
    this.#generation = undefined
    if (this.#memberId === '') return
    const coordinator = await this.#findCoordinator()
    await coordinator.leaveGroup({ groupId: this.#group, memberId: this.#memberId })
  }

  async #share(members: readonly { memberId: string; memberMetadata: Buffer }[], wireTopic: string) {
    const { link, topic } = this.#options
    await link.refresh()
    const known = members.map(({ memberId, memberMetadata }) => decodeSubscription(memberId, memberMetadata))
    return [...assignPartitions(known, link.partitions(topic))].map(([memberId, partitions]) => ({
      memberId,
      memberAssignment: encodeAssignment(wireTopic, partitions),
    }))
  }

  async #findCoordinator(): Promise<KafkaJsBroker> {
    this.#coordinator ??= await this.#options.link.cluster.findGroupCoordinator({
      groupId: this.#group,
      coordinatorType: groupCoordinator,
    })
    return this.#coordinator
  }

  // Coordinators move and connections break: after any fault but the group's own the coordinator is looked for again.
  async #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask()
    } catch (error) {
      const fault = faultName(error)
      if (fault === 'UNKNOWN_MEMBER_ID') this.#memberId = ''
      if (fault !== 'REBALANCE_IN_PROGRESS' && !expelling.has(fault)) this.#coordinator = undefined
      throw error
    }
  }
}
