import type { KafkaSettings } from '@cordon/settings'

import type { RegistryStorage } from './registry.ts'

type Properties = Readonly<Record<string, string | number | boolean>>

/**
 * How long the registry waits for snapshots of its journal, of which there are none, before it reads the journal.
 * The default of 5 s is most of its time to ready.
 */
const pollMs = 200

/** Apicurio's settings: on loopback, with its ids in memory or in topics. */
export const registryProperties = (port: number, storage: RegistryStorage): Properties => ({
  'quarkus.http.host': '127.0.0.1',
  'quarkus.http.port': port,
  'quarkus.log.level': 'WARN',
  'quarkus.banner.enabled': false,
  // The registry's own format takes the zone's sign for a part of the date.
  'quarkus.log.console.format': '%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{1.}] (%t) %s%e%n',
  // Warns at each start of a setting that the registry makes itself.
  'quarkus.log.category."io.quarkus.runtime.configuration.DeprecatedRuntimePropertiesRecorder".level':
    'ERROR',
  ...(storage.kind === 'broker' ? journalProperties(storage.kafka) : {}),
})

const journalProperties = (kafka: KafkaSettings): Properties => ({
  'apicurio.storage.kind': 'kafkasql',
  'apicurio.kafkasql.bootstrap.servers': kafka.brokers.join(','),
  'apicurio.kafkasql.topic': `${kafka.topicPrefix}cordon-registry-journal`,
  // It is the only place where ids stand. The broker's default would forget them after a week.
  'apicurio.kafkasql.topic.cleanup.policy': 'delete',
  'apicurio.kafkasql.topic.retention.ms': -1,
  'apicurio.kafkasql.topic.retention.bytes': -1,
  'apicurio.kafkasql.snapshots.topic': `${kafka.topicPrefix}cordon-registry-snapshots`,
  'apicurio.events.kafka.topic': `${kafka.topicPrefix}cordon-registry-events`,
  'apicurio.kafkasql.consumer.group-prefix': `${kafka.topicPrefix}cordon-registry-`,
  'apicurio.kafkasql.consumer.poll.timeout': pollMs,
  // A snapshot is a file beside the journal, which would have to be kept as carefully; some twenty schemas need none.
  'apicurio.kafkasql.snapshot.every.seconds': 'off',
  ...Object.fromEntries(
    Object.entries(securityProperties(kafka)).map(([name, value]) => [
      `apicurio.kafka.common.${name}`,
      withoutExpression(value),
    ]),
  ),
})

/** The settings of a Kafka client in Java's words (`CommonClientConfigs`, `SslConfigs`, `SaslConfigs`). */
const securityProperties = ({ tls, sasl }: KafkaSettings): Readonly<Record<string, string>> => ({
  ...(tls === undefined && sasl === undefined
    ? {}
    : {
        'security.protocol': `${sasl === undefined ? '' : 'SASL_'}${tls === undefined ? 'PLAINTEXT' : 'SSL'}`,
      }),
  ...(tls?.ca === undefined ? {} : { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': tls.ca }),
  ...(tls?.cert === undefined || tls.key === undefined
    ? {}
    : {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.certificate.chain': tls.cert,
        'ssl.keystore.key': tls.key,
      }),
  ...(sasl === undefined
    ? {}
    : {
        'sasl.mechanism': sasl.mechanism.toUpperCase(),
        'sasl.jaas.config': loginModule(sasl.mechanism, sasl.username, sasl.password),
      }),
})

const loginModule = (mechanism: string, username: string, password: string): string => {
  const module = mechanism === 'plain' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule'
  const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  return `org.apache.kafka.common.security.${module} required username=${quoted(username)} password=${quoted(password)};`
}

/** The registry's configuration would read `${…}` in a value as the name of another setting. */
const withoutExpression = (value: string): string => value.replaceAll('${', '\\${')
