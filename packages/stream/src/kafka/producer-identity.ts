import type { AssignmentEpoch } from '../ports.ts'
import { Fenced } from '../stream-error.ts'
import { retrying } from './back-off.ts'
import type { ClusterLink } from './cluster-link.ts'

export interface ProducerIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

const transactionCoordinator = 1
// No transaction is ever begun; the broker wants a number below transaction.max.timeout.ms.
const transactionTimeoutMs = 60_000

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
