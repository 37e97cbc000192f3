const mebibyte = 1024 * 1024
const hourMs = 3_600_000

/** Limits of the adapter; every one has a default, tests tighten some. */
export interface KafkaTuning {
  /** A publisher's record batch is closed at this size. */
  readonly publishBatchBytes: number
  /** What a publisher holds before `publish` waits. */
  readonly publishQueueBytes: number
  /** After this a record that is not acknowledged counts as lost and its `publish` rejects. */
  readonly deliveryTimeoutMs: number
  /** How long a request may take beyond the time the broker is allowed to hold it. */
  readonly requestTimeoutMs: number
  /** How long opening anything waits for a broker that does not answer. */
  readonly openTimeoutMs: number
  readonly fetchBytes: number
  readonly fetchBytesPartition: number
  /** A follower that stands still this long before records that exist reports it as its failure. */
  readonly stallMs: number
  /** A writer claims anew when its claim is this old. */
  readonly claimMaxAgeMs: number
}

/** What the broker accepts as one record batch, set on every topic; above the 512 KiB that Cordon writes at most. */
export const maxMessageBytes: number = mebibyte

export const defaultTuning: KafkaTuning = {
  publishBatchBytes: mebibyte / 2,
  publishQueueBytes: 16 * mebibyte,
  deliveryTimeoutMs: 30_000,
  requestTimeoutMs: 10_000,
  openTimeoutMs: 30_000,
  fetchBytes: 8 * mebibyte,
  fetchBytesPartition: mebibyte,
  stallMs: 30_000,
  // The broker forgets a producer after producer.id.expiration.ms = 1 day without writes: half of it is safe.
  claimMaxAgeMs: 12 * hourMs,
}
