import { randomBytes } from 'node:crypto'

import { openKafkaClient } from '@cordon/stream'
import { streamConformance } from '@cordon/stream/conformance'

import { testBroker } from '../support/broker.ts'
import { recordedLog } from '../support/recorded-log.ts'

streamConformance('on a real broker', test => {
  const topicPrefix = `conformance-${randomBytes(6).toString('hex')}-`
  const settings = { brokers: testBroker(), clientId: 'conformance', topicPrefix }
  return () => {
    const client = openKafkaClient(settings, { log: recordedLog() })
    test.after(async () => await client.close())
    return client
  }
})
