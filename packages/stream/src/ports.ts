import type { RecordName, Records, TopicName, TopicSpec } from '@cordon/schemas'

/** A record as it stands in a log. */
export interface LogRecord {
  readonly topic: TopicName
  readonly partition: number
  readonly offset: bigint
  /** Milliseconds since the Unix epoch: the broker's append time on LogAppendTime topics, else the producer's. */
  readonly timestamp: number
  readonly key: Buffer | null
  /** `null` is a tombstone. */
  readonly value: Buffer | null
}

/** A record on its way into a log. */
export interface OutgoingRecord {
  readonly topic: TopicName
  readonly partition: number
  readonly key: string
  /** `null` is a tombstone. */
  readonly value: Buffer | null
  /** Milliseconds since the Unix epoch; default: when it is sent. Where the topic keeps the broker's time, nobody sees it. */
  readonly timestamp?: number
}

/** A decoded record: which one it is, and its value. */
export type DecodedRecord = {
  [Name in RecordName]: { readonly name: Name; readonly value: Records[Name] }
}[RecordName]

/** Bytes to records and back; synchronous, because it stands on the hot path. */
export interface RecordCodec {
  /** @throws StreamError `POISON_RECORD` where the bytes are no record, `SCHEMA_MISSING` where `prepare` may help */
  decode(value: Buffer): DecodedRecord
  /** Fetches what a `decode` said was missing. Rejects with a `TransientFault` while the registry cannot be reached. */
  prepare(missing: unknown): Promise<void>
  encode<Name extends RecordName>(topic: TopicName, name: Name, value: Records[Name]): Buffer
}

export interface TopicAdmin {
  /**
   * Creates the topics that are missing; refuses a topic that stands there with another partition count or policy.
   * @throws StreamError `TOPIC_MISMATCH` with expected and got
   */
  ensureTopics(catalogue: readonly TopicSpec[], options: TopicOptions): Promise<void>
  /**
   * Refuses topics that a service cannot work with, before it begins: another policy, or not all partitioned alike.
   * @throws StreamError `TOPIC_MISMATCH` with expected and got, `TOPIC_UNKNOWN`
   */
  requireTopics(topics: readonly TopicSpec[]): Promise<void>
  partitionCount(topic: TopicName): Promise<number>
  /** Next offset to be written, per partition. */
  endOffsets(topic: TopicName): Promise<ReadonlyMap<number, bigint>>
}

export interface TopicOptions {
  readonly partitions: number
  readonly replicationFactor: number
  readonly minInSyncReplicas: number
  /** Broker settings that override the catalogue's (compaction tests). */
  readonly overrides?: Readonly<Record<string, string>>
}

/** Micro-batched, idempotence left to the reader, acknowledged by all replicas. */
export interface Publisher {
  /**
   * Resolves with the records' offsets, in their order, when all are acknowledged. Waits while the bounded queue is
   * full. Rejects with a `TransientFault` after the delivery time-out, or with `RECORD_TOO_LARGE` at once.
   */
  publish(records: readonly OutgoingRecord[]): Promise<readonly bigint[]>
  /** Records accepted and not yet acknowledged. */
  readonly pending: number
  /** Sends what is pending, then closes. @param patienceMs after this, what is still pending is given up; default: never */
  close(patienceMs?: number): Promise<void>
}

export interface PublisherOptions {
  /** After this a record that is not acknowledged counts as lost; `Infinity`: it is tried until the publisher closes. */
  readonly deliveryTimeoutMs?: number
}

export interface FollowerOptions {
  readonly topic: TopicName
  /** Partition number → first offset to read. */
  readonly from: ReadonlyMap<number, bigint>
  /** Bounds idle polling only: a record that arrives is delivered at once. */
  readonly maxWaitMs: number
  /**
   * For what need not be known at once: after each fetch that reached the ends nothing is fetched for so long, partitions that
   * are followed meanwhile included. A log of a thousand records a second then costs a fetch now and then instead of hundreds.
   * Default: none.
   */
  readonly restMs?: number
  /**
   * Records of one partition, in order, never empty. The next fetch of the partition waits for the promise: this is
   * the back-pressure.
   */
  readonly onRecords: (partition: number, records: readonly LogRecord[]) => Promise<void> | void
  /**
   * One partition cannot be followed any further (its handler threw, its offset is out of range), and is unfollowed; the
   * others go on. Omitted: this stops the follower and shows in `failed`.
   */
  readonly onPartitionFailed?: (partition: number, error: unknown) => void
}

/** Reads partitions from given offsets, without a group, over broker restarts and leader changes. */
export interface Follower {
  /** Next offset to be read; goes past holes that compaction left. */
  position(partition: number): bigint
  /** Milliseconds since the last successful fetch from the partition's leader. */
  staleness(partition: number): number
  /** Adds a partition, or moves a followed one to another offset. */
  follow(partition: number, from: bigint): void
  unfollow(partition: number): void
  /** Rejects when the follower cannot go on; never resolves before `close`. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

export interface TableOptions {
  readonly topic: TopicName
  /** Omitted: every partition. */
  readonly partitions?: readonly number[]
  readonly maxWaitMs: number
  /** In order per partition. Keys that start with `\0` (beats, claims) come here too: the reader tells them apart. */
  readonly onRecord: (record: LogRecord) => void
}

/** A whole compacted topic, read from the start and kept up. */
export interface TableReader {
  /** Resolves when every partition's position has reached the end offset that was read at the start. */
  readonly caughtUp: Promise<void>
  position(partition: number): bigint
  staleness(partition: number): number
  /** The largest staleness of all partitions, in milliseconds. */
  readonly maxStaleness: number
  readonly failed: Promise<never>
  close(): Promise<void>
}

export interface MembershipOptions {
  readonly group: string
  /** The topic whose partition numbers are shared out. */
  readonly topic: TopicName
  readonly sessionTimeoutMs: number
  /** Awaited before the next change is announced. */
  readonly onAssigned: (partitions: readonly number[], epoch: AssignmentEpoch) => Promise<void> | void
  readonly onRevoked: (partitions: readonly number[]) => Promise<void> | void
  /**
   * Next input offset of each owned partition, where it is known: told to the cluster every few seconds, so that its own tools show
   * the group's lag. Nothing of Cordon reads it back.
   */
  readonly positions?: () => ReadonlyMap<number, bigint>
}

/** Which assignment a partition was owned under. */
export interface AssignmentEpoch {
  readonly memberId: string
  readonly generation: number
  /** False as soon as this member knows of a newer generation, left, or stood still longer than its session timeout. */
  isCurrent(): boolean
}

/** Who owns which partition number; no data. */
export interface Membership {
  readonly owned: ReadonlySet<number>
  close(): Promise<void>
}

export interface ClaimOptions {
  /** Unique per partition across the fleet: `<prefix>scorer-<partition>`. */
  readonly transactionalId: string
  readonly partition: number
  /** The compacted topics that only the owner writes; the first is the changelog. */
  readonly topics: readonly [TopicName, ...TopicName[]]
  readonly epoch: AssignmentEpoch
  /** The claim record's value. */
  readonly claim: (topic: TopicName) => Buffer
}

/** At most one writer per partition, by the broker's producer epoch. */
export interface FencedWriter {
  /** Offsets of this writer's claim records: everything before them is final. */
  readonly claims: ReadonlyMap<TopicName, bigint>
  /**
   * Writes one record batch to the changelog: whole or not at all. An unknown outcome is sent again with the same
   * sequence until it is known. @throws Fenced, or StreamError `RECORD_TOO_LARGE`
   */
  commit(records: readonly KeyedValue[]): Promise<bigint>
  /** Writes to one of the other claimed topics. @throws Fenced */
  emit(topic: TopicName, records: readonly KeyedValue[]): Promise<bigint>
  close(): Promise<void>
}

export interface KeyedValue {
  readonly key: string
  readonly value: Buffer | null
  readonly timestamp?: number
}

/** Keys that start with this are the stream's own (claims, positions, outbox entries), never entries of a table. */
export const reservedKeyPrefix = '\0'

/** Everything the mechanisms need of a cluster; one implementation on Kafka, one in memory, one conformance suite. */
export interface StreamClient {
  readonly admin: TopicAdmin
  openPublisher(options?: PublisherOptions): Promise<Publisher>
  openFollower(options: FollowerOptions): Promise<Follower>
  openTable(options: TableOptions): Promise<TableReader>
  joinMembership(options: MembershipOptions): Promise<Membership>
  /** @throws Fenced where the epoch is not current any more */
  claimPartition(options: ClaimOptions): Promise<FencedWriter>
  close(): Promise<void>
}
