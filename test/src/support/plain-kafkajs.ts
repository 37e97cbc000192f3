import kafkajs from 'kafkajs'
import type { Kafka } from 'kafkajs'

import { testBroker } from './broker.ts'

/** kafkajs 2.2.4 as it comes, without Cordon's repairs, on the broker of this test run. Says nothing. */
export const plainKafkaJs = (): Kafka =>
  new kafkajs.Kafka({
    brokers: [...testBroker()],
    clientId: 'plain',
    logLevel: kafkajs.logLevel.NOTHING,
  })
