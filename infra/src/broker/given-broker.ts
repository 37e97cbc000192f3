import { InfraError } from '../infra-error.ts'
import { acceptsConnections } from '../process/readiness.ts'
import type { BrokerSource } from './broker.ts'
import { kafkaEnvironment, parseKafkaEnvironment } from './kafka-environment.ts'

/** Long enough for a cluster on another continent, short enough to be told of a typing error. */
const reachMs = 5000

/** The cluster that `KAFKA_BROKERS` names. */
export const givenBroker: BrokerSource = {
  name: 'KAFKA_BROKERS',
  prepare: async ({ environment }) => {
    const variables = kafkaEnvironment(environment)
    const text = variables['KAFKA_BROKERS']
    if (text === undefined) return { unavailable: 'not set' }
    const settings = parseKafkaEnvironment(variables)
    const reached = await Promise.all(
      settings.brokers.map(broker => acceptsConnections(...hostAndPort(broker), reachMs)),
    )
    if (!reached.includes(true)) {
      throw new InfraError(
        'BROKER_UNREACHABLE',
        `KAFKA_BROKERS: expected a broker that accepts connections at ${text}, got none within ${reachMs / 1000} s. ` +
          'Correct it, start that broker, or unset it: then a broker is started here.',
        { retryable: true },
      )
    }
    const prepared = { source: 'KAFKA_BROKERS', variables, settings, lasting: true } as const
    const description = `the Kafka cluster of KAFKA_BROKERS (${text})`
    return { ...prepared, start: () => Promise.resolve({ ...prepared, description }) }
  },
}

/** `host:port`, with IPv6 addresses in brackets. */
export const hostAndPort = (address: string): [host: string, port: number] => {
  const colon = address.lastIndexOf(':')
  return [address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), Number(address.slice(colon + 1))]
}
