import { leastJavaVersion } from '../java/java-runtime.ts'
import { InfraError } from '../infra-error.ts'
import type { BrokerOptions, BrokerSource, PreparedBroker } from './broker.ts'
import { givenBroker } from './given-broker.ts'
import { javaBroker } from './java-broker.ts'

/**
 * Asked in this order. A broker in a container takes its place between the two: where an engine answers, it spares
 * people the Java.
 */
const sources: readonly BrokerSource[] = [givenBroker, javaBroker]

/**
 * The first broker that can be had, not started yet.
 * @throws InfraError which names every source, why it has nothing, and the ways out
 */
export const prepareBroker = async (options: BrokerOptions): Promise<PreparedBroker> => {
  const reasons: string[] = []
  for (const source of sources) {
    const prepared = await source.prepare(options).catch((cause: unknown) => {
      throw withWaysOut(cause)
    })
    if (!('unavailable' in prepared)) return prepared
    reasons.push(`  ${source.name}: ${prepared.unavailable}`)
  }
  throw new InfraError('BROKER_MISSING', ['No Kafka broker can be had:', ...reasons, waysOut].join('\n'))
}

/** A broker that answers. @throws InfraError */
export const startBroker = async (options: BrokerOptions): ReturnType<PreparedBroker['start']> => {
  const prepared = await prepareBroker(options)
  return prepared.start()
}

const waysOut = [
  'Ways out:',
  '  - set KAFKA_BROKERS=host:port to use a broker that runs already, or',
  `  - install Java ${leastJavaVersion} or newer and Maven (Debian, Ubuntu: apt install openjdk-17-jre-headless maven)`,
].join('\n')

const withWaysOut = (cause: unknown): unknown =>
  cause instanceof InfraError && cause.code === 'DOWNLOAD_FAILED'
    ? new InfraError('BROKER_MISSING', `No Kafka broker can be had:\n  ${cause.message}\n${waysOut}`, {
        cause,
      })
    : cause
