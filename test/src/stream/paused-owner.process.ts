import { setTimeout as sleep } from 'node:timers/promises'

import { Fenced, openKafkaClient } from '@cordon/stream'
import type { AssignmentEpoch, FencedWriter } from '@cordon/stream'

import { recordedLog } from '../support/recorded-log.ts'

// An owner of a partition that commits until it is fenced, then tries to claim again. Says what happens to it, a word a line.
const [brokers = '', topicPrefix = ''] = process.argv.slice(2)
const settings = { brokers: brokers.split(','), clientId: 'paused-owner', topicPrefix }
const client = openKafkaClient(settings, { log: recordedLog() })
const assigned = Promise.withResolvers<AssignmentEpoch>()
await client.joinMembership({
  group: 'owners',
  topic: 'session-events',
  sessionTimeoutMs: 6000,
  onAssigned: (_partitions, epoch) => assigned.resolve(epoch),
  onRevoked: () => {},
})

const epoch = await assigned.promise
const claim = async (): Promise<FencedWriter> =>
  await client.claimPartition({
    transactionalId: 'scorer-0',
    partition: 0,
    topics: ['scorer-state'],
    epoch,
    claim: () => Buffer.from('the paused owner'),
  })

const orFenced = async (what: string, operation: Promise<unknown>): Promise<boolean> => {
  try {
    await operation
    return true
  } catch (error) {
    if (!(error instanceof Fenced)) throw error
    console.log(`${what} fenced`)
    return false
  }
}

const writer = await claim()
console.log('claimed')
while (await orFenced('commit', writer.commit([{ key: 'k', value: Buffer.from('paused owner') }])))
  await sleep(20)
if (await orFenced('claim', claim())) console.log('claimed again')
await client.close()
