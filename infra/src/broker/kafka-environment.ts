import { kafkaSettings, kafkaVariables, readSettings, type KafkaSettings } from '@cordon/settings'
import { z } from 'zod'

type Environment = Readonly<Record<string, string | undefined>>

/** The variables of an environment that say how to reach Kafka; those of other things left out. */
export const kafkaEnvironment = (environment: Environment): Record<string, string> =>
  pick(environment, Object.keys(kafkaVariables))

/** What a plain-text broker on loopback takes over: the prefix, not the credentials that are meant for another one. */
export const localKafkaEnvironment = (environment: Environment, address: string): Record<string, string> => ({
  ...pick(environment, ['CORDON_TOPIC_PREFIX']),
  KAFKA_BROKERS: address,
})

/** @throws SettingsError which names every variable that is wrong */
export const parseKafkaEnvironment = (variables: Environment): KafkaSettings =>
  kafkaSettings(readSettings(z.object(kafkaVariables), variables, { service: 'launcher' }), {
    service: 'launcher',
  })

const pick = (environment: Environment, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = environment[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
