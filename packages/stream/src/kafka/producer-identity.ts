import type { AssignmentEpoch } from '../ports.ts'
import { Fenced } from '../stream-error.ts'
import { retrying } from './back-off.ts'
import type { ClusterLink } from './cluster-link.ts'

export interface ProducerIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

// The broker has a newer epoch, or lost track of this one.
const producerFaults: ReadonlySet<string> = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
])

/** Only another identity helps: what the broker holds of this one is another state than its own. */
export const isProducerFault = (fault: string): boolean => producerFaults.has(fault)

const sequences = 2 ** 31

export const nextSequence = (sequence: number, records: number): number => (sequence + records) % sequences

const transactionCoordinator = 1
// No transaction is ever begun; the broker wants a number below transaction.max.timeout.ms.
const transactionTimeoutMs = 60_000

/** A producer id of its own for whoever asks: what is sent twice under it is appended once. @param node any */
export const newProducer = async (
  link: Pick<ClusterLink, 'cluster'>,
  node: number,
): Promise<ProducerIdentity> => {
  const broker = await link.cluster.findBroker({ nodeId: String(node) })
  const { producerId, producerEpoch } = await broker.initProducerId({
    transactionalId: null,
    transactionTimeout: transactionTimeoutMs,
  })
  return { producerId: BigInt(producerId), producerEpoch }
}

/**
 * The producer id that the cluster keeps for a transactional id, with an epoch above every earlier one.
 *
 * The cluster forgets a transactional id after transactional.id.expiration.ms (7 days) without such a call, and then hands
 * out another producer id: an owner under the old one would not be fenced by it. That is why a writer claims anew each
 * half day and writes nothing under an older claim: an owner that slept for longer has fenced itself.
 * @throws Fenced as soon as the epoch is not current
 */
export const initProducer = async (
  { link, closing }: { readonly link: ClusterLink; readonly closing: AbortSignal },
  transactionalId: string,
  epoch: AssignmentEpoch,
): Promise<ProducerIdentity> =>
  await retrying(
    async () => {
      if (!epoch.isCurrent()) throw notCurrent(transactionalId, epoch)
      const coordinator = await link.cluster.findGroupCoordinator({
        groupId: transactionalId,
        coordinatorType: transactionCoordinator,
      })
      const { producerId, producerEpoch } = await coordinator.initProducerId({
        transactionalId,
        transactionTimeout: transactionTimeoutMs,
      })
      return { producerId: BigInt(producerId), producerEpoch }
    },
    { what: `claim as ${transactionalId}`, closing, mayRetry: () => true },
  )

export const notCurrent = (transactionalId: string, { generation }: AssignmentEpoch): Fenced =>
  new Fenced(`claim as ${transactionalId}: expected generation ${generation} to be current, got a newer one`)
