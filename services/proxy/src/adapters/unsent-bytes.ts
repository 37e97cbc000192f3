/** Why an answer was given up that nobody reads. */
export type UnreadAnswer = 'stalled' | 'too_much'

export interface UnsentBytesOptions {
  /** Of all answers together. */
  readonly maxBytes: number
  /** Of the answers of one session. */
  readonly maxBytesPerOwner: number
  /** How long nothing of an answer may leave. */
  readonly stallMs: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
  readonly onDropped: (why: UnreadAnswer) => void
}

/** What was answered and has not left yet: an agent that does not read must not fill the memory. */
export interface UnsentBytes {
  /** @param drop hangs up */
  open(drop: () => void): UnsentShare
  /** Hangs up where nothing left for too long; to be called now and then. */
  readonly dropStalled: () => void
}

/** The part of one answer. */
export interface UnsentShare {
  readonly bytes: number
  belongTo(owner: string): void
  /** Where it gets too much, whoever stood still the longest is dropped. */
  add(bytes: number): void
  sent(bytes: number): void
  /** Nothing of it leaves any more. */
  readonly close: () => void
}

interface Unsent {
  readonly drop: () => void
  owner: string | undefined
  bytes: number
  movedAt: number
}

export const createUnsentBytes = (options: UnsentBytesOptions): UnsentBytes => {
  const { maxBytes, maxBytesPerOwner, stallMs, now, onDropped } = options
  // Those with something unsent alone.
  const unsent = new Set<Unsent>()
  const owned = new Map<string, number>()
  let total = 0

  const count = (owner: string | undefined, bytes: number): void => {
    if (owner === undefined) return
    const sum = (owned.get(owner) ?? 0) + bytes
    if (sum > 0) owned.set(owner, sum)
    else owned.delete(owner)
  }

  const change = (one: Unsent, bytes: number): void => {
    one.bytes += bytes
    total += bytes
    count(one.owner, bytes)
    if (one.bytes === 0) unsent.delete(one)
    else unsent.add(one)
  }

  const drop = (one: Unsent, why: UnreadAnswer): void => {
    change(one, -one.bytes)
    onDropped(why)
    one.drop()
  }

  /** Those that stood still the longest first, as many as are too much. */
  const dropOldest = (candidates: readonly Unsent[], excess: number): void => {
    let left = excess
    for (const one of [...candidates].sort((one, other) => one.movedAt - other.movedAt)) {
      if (left <= 0) return
      left -= one.bytes
      drop(one, 'too_much')
    }
  }

  const makeRoom = ({ owner }: Unsent): void => {
    const excess = owner === undefined ? 0 : (owned.get(owner) ?? 0) - maxBytesPerOwner
    if (excess > 0)
      dropOldest(
        [...unsent].filter(one => one.owner === owner),
        excess,
      )
    if (total > maxBytes) dropOldest([...unsent], total - maxBytes)
  }

  return {
    open(hangUp) {
      const one: Unsent = { drop: hangUp, owner: undefined, bytes: 0, movedAt: now() }
      return {
        get bytes() {
          return one.bytes
        },
        belongTo(owner) {
          count(one.owner, -one.bytes)
          one.owner = owner
          count(owner, one.bytes)
        },
        add(bytes) {
          if (one.bytes === 0) one.movedAt = now()
          change(one, bytes)
          makeRoom(one)
        },
        sent(bytes) {
          one.movedAt = now()
          change(one, -Math.min(bytes, one.bytes))
        },
        close: () => change(one, -one.bytes),
      }
    },
    dropStalled() {
      for (const one of unsent) if (now() - one.movedAt >= stallMs) drop(one, 'stalled')
    },
  }
}
