import type { logCreator } from 'kafkajs'

import type { KafkaJsRepairs } from './kafkajs-repairs.ts'
import type { StreamLog } from './stream-log.ts'

// What these parts of kafkajs (and its authenticators) log they also throw, and the adapter says it in its own words,
// once per outage; their errors on first contact (coordinator not available, loading) are no errors at all.
const namespacesThatThrow: ReadonlySet<string> = new Set(['Connection', 'BrokerPool', 'Cluster', 'Broker'])

const isThrownToo = (namespace: string): boolean =>
  namespacesThatThrow.has(namespace) || namespace.startsWith('SaslAuthenticator')

/** kafkajs's log lines as the service's: nothing of it is an error to Cordon, because everything is retried. */
export const kafkaJsLog =
  (log: StreamLog, { hushRetries }: KafkaJsRepairs): logCreator =>
  () =>
  ({ namespace, label, log: { message, error } }) => {
    if (hushRetries && isThrownToo(namespace)) return
    log.warn({ namespace, label, said: message, error }, 'kafkajs reported a fault')
  }
