import type { Membership, MembershipOptions } from '../ports.ts'
import { StreamError } from '../stream-error.ts'
import { ClusterLink } from './cluster-link.ts'
import type { KafkaContext } from './cluster-link.ts'
import type { GroupEpoch } from './group-epoch.ts'
import { GroupMember } from './group-member.ts'
import { faultName, isRefusal, streamErrorOf } from './kafka-fault.ts'
import { Outage } from './outage.ts'

// A change shows up with the next heartbeat: twenty of them in a session time-out make the hand-over fast.
const heartbeatsPerSession = 20
// Tools that watch a group's lag ask a few times a minute.
const reportEveryMs = 5000

/** Who owns which partition number, and nothing else: no record is ever fetched by a member. */
export class KafkaMembership implements Membership {
  readonly #context: KafkaContext
  readonly #options: MembershipOptions
  readonly #link: ClusterLink
  readonly #member: GroupMember
  readonly #outage: Outage
  readonly #ready = Promise.withResolvers<void>()
  readonly #running: Promise<void>
  #owned: ReadonlySet<number> = new Set()
  #reportedAt = Number.NEGATIVE_INFINITY
  #announced: Promise<void> = Promise.resolve()
  #joining = false
  #leaving = false
  #wakeUp: () => void = () => {}

  private constructor(context: KafkaContext, options: MembershipOptions, link: ClusterLink) {
    const { topic, sessionTimeoutMs } = options
    this.#context = context
    this.#options = options
    this.#link = link
    this.#outage = new Outage({
      log: context.log,
      data: { group: options.group },
      began: 'group membership interrupted',
      ended: 'group membership resumed',
    })
    const group = context.settings.topicPrefix + options.group
    this.#member = new GroupMember({ link, group, topic, sessionTimeoutMs })
    this.#running = this.#run()
  }

  /** Resolves with the first assignment, once it is announced. @throws StreamError */
  static async join(context: KafkaContext, options: MembershipOptions): Promise<KafkaMembership> {
    const link = await ClusterLink.open(context, [options.topic])
    const membership = new KafkaMembership(context, options, link)
    try {
      await membership.#ready.promise
      return membership
    } catch (error) {
      await link.close()
      throw error
    }
  }

  get owned(): ReadonlySet<number> {
    return this.#owned
  }

  async close(): Promise<void> {
    this.#leaving = true
    this.#wakeUp()
    // A join waits for the other members, which nobody needs any more.
    if (this.#joining) this.#link.dropConnections('leaving')
    await this.#running
    await this.#link.close()
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#leaving; attempt += 1) {
      try {
        await this.#joinAndAnnounce()
        attempt = -1
        await this.#beat(() => !this.#leaving)
        await this.#revokeWhileBeating()
      } catch (error) {
        if (this.#leaving) break
        const fault = faultName(error)
        this.#outage.fault(fault)
        if (isRefusal(fault)) this.#ready.reject(streamErrorOf(`group ${this.#options.group}`, fault, error))
        await this.#link.pause(attempt)
      }
    }
    await this.#leave()
  }

  async #joinAndAnnounce(): Promise<void> {
    this.#joining = true
    try {
      const { partitions, epoch } = await this.#member.join()
      this.#assign(partitions, epoch)
    } finally {
      this.#joining = false
    }
    this.#outage.over()
    this.#ready.resolve()
  }

  // Old owners finish before the group goes on: the coordinator waits for each member's next join, and hears meanwhile
  // that the member lives.
  async #revokeWhileBeating(): Promise<void> {
    let revoking = true
    const beating = this.#beatOn(() => revoking)
    await this.#revoke()
    revoking = false
    this.#wakeUp()
    await beating
  }

  async #beatOn(isWanted: () => boolean): Promise<void> {
    while (isWanted()) await this.#beat(isWanted)
  }

  /** Heartbeats until the coordinator announces a change, or until they are not wanted any more. */
  async #beat(isWanted: () => boolean): Promise<void> {
    for (;;) {
      await this.#interval()
      if (!isWanted()) return
      try {
        const standing = await this.#member.beat()
        this.#outage.over()
        if (standing !== 'confirmed') return
        await this.#report()
      } catch (error) {
        // No answer is no verdict: the epoch runs out by itself when none comes in time.
        this.#outage.fault(faultName(error))
      }
    }
  }

  async #report(): Promise<void> {
    const positions = this.#options.positions?.() ?? new Map<number, bigint>()
    if (positions.size === 0 || performance.now() - this.#reportedAt < reportEveryMs) return
    this.#reportedAt = performance.now()
    await this.#member.report(positions)
  }

  async #interval(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wakeUp = resolve
    const timer = setTimeout(resolve, this.#options.sessionTimeoutMs / heartbeatsPerSession)
    await promise
    clearTimeout(timer)
  }

  #assign(partitions: readonly number[], epoch: GroupEpoch): void {
    this.#owned = new Set(partitions)
    if (partitions.length > 0) this.#announce(async () => await this.#options.onAssigned(partitions, epoch))
  }

  async #revoke(): Promise<void> {
    const partitions = [...this.#owned]
    this.#owned = new Set()
    if (partitions.length > 0) this.#announce(async () => await this.#options.onRevoked(partitions))
    await this.#announced
  }

  // One after the other; what a handler throws concerns its service, the group has to go on.
  #announce(handle: () => Promise<void>): void {
    const previous = this.#announced
    const announce = async () => {
      await previous
      try {
        await handle()
      } catch (error) {
        this.#context.log.error({ error }, 'assignment handler failed')
      }
    }
    this.#announced = announce()
  }

  async #leave(): Promise<void> {
    await this.#revoke()
    try {
      await this.#member.leave()
    } catch (error) {
      this.#context.log.warn(
        { fault: faultName(error) },
        'group not left, it notices by the session time-out',
      )
    }
    this.#ready.reject(new StreamError('CLOSED', 'membership: expected to join, got closed before'))
  }
}
