import { reservedKeyPrefix } from '../ports.ts'

/** The owner's claim, on every claimed topic. */
export const claimKey: string = `${reservedKeyPrefix}claim`
/** Next input offset. */
export const positionKey: string = `${reservedKeyPrefix}position`
const outboxPrefix = `${reservedKeyPrefix}outbox/`

/** Where an output comes from: its input's offset, and its number among that input's outputs. */
export interface OutboxId {
  readonly offset: bigint
  readonly index: number
}

export const outboxKey = ({ offset, index }: OutboxId): string => `${outboxPrefix}${offset}/${index}`

/** `undefined` where the key is of something else. */
export const parseOutboxKey = (key: string): OutboxId | undefined => {
  if (!key.startsWith(outboxPrefix)) return undefined
  const [offset, index] = key.slice(outboxPrefix.length).split('/')
  return offset === undefined || index === undefined
    ? undefined
    : { offset: BigInt(offset), index: Number(index) }
}

/** In the order in which the outputs came about. */
export const compareOutboxIds = (a: OutboxId, b: OutboxId): number =>
  a.offset === b.offset ? a.index - b.index : a.offset < b.offset ? -1 : 1

export const isReservedKey = (key: string): boolean => key.startsWith(reservedKeyPrefix)
