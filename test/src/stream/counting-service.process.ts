import { openKafkaClient, runStatefulService } from '@cordon/stream'
import { countingProcessor } from '@cordon/stream/fixtures/counting-processor'
import { plainCodec } from '@cordon/stream/fixtures/plain-codec'

import { recordedLog } from '../support/recorded-log.ts'

// A stateful service that counts, until it is killed. Says how its tasks go from state to state, a change a line.
const [brokers = '', topicPrefix = ''] = process.argv.slice(2)
const settings = { brokers: brokers.split(','), clientId: 'counting-service', topicPrefix }
const client = openKafkaClient(settings, { log: recordedLog() })
const codec = plainCodec()
await runStatefulService({
  client,
  processor: countingProcessor(codec),
  codec,
  group: 'counters',
  events: {
    stateChanged: (partition, { from, to }) => console.log(`${partition}: ${from} → ${to}`),
    fenced: partition => console.log(`${partition}: met a newer owner`),
  },
})
