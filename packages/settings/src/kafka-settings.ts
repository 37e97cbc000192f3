import { z } from 'zod'

import { sealSettings } from './seal-settings.ts'
import { SettingsError } from './settings-error.ts'
import { fileText, flag, secret, secretFileText } from './variable.ts'

/** How to reach the Kafka cluster. */
export interface KafkaSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[]
  /** Absent: plain text. Without `ca` the system's authorities are trusted. */
  readonly tls?: KafkaTls
  /** Absent: no authentication by password. */
  readonly sasl?: KafkaSasl
  /** Put before every topic, group and transactional id, so that deployments can share a cluster. */
  readonly topicPrefix: string
  /** Names this process in the broker's logs and quotas. */
  readonly clientId: string
}

/** PEM texts. */
export interface KafkaTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** Only tests against self-signed brokers say `false`; no variable does. */
  readonly rejectUnauthorized?: boolean
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}

const brokerPattern = /^(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/

type Text = z.ZodType<string, string>

/** Spread into the schema of a service that talks to Kafka. */
export const kafkaVariables: Readonly<{
  KAFKA_BROKERS: z.ZodType<string[], string>
  CORDON_KAFKA_TLS: z.ZodDefault<z.ZodType<boolean, string>>
  CORDON_KAFKA_TLS_CA_FILE: z.ZodOptional<Text>
  CORDON_KAFKA_TLS_CERT_FILE: z.ZodOptional<Text>
  CORDON_KAFKA_TLS_KEY_FILE: z.ZodOptional<Text>
  CORDON_KAFKA_SASL_MECHANISM: z.ZodOptional<z.ZodType<KafkaSasl['mechanism'], string>>
  CORDON_KAFKA_SASL_USERNAME: z.ZodOptional<Text>
  CORDON_KAFKA_SASL_PASSWORD: z.ZodOptional<Text>
  CORDON_TOPIC_PREFIX: z.ZodDefault<Text>
}> = {
  KAFKA_BROKERS: z
    .string()
    .transform(text => text.split(',').map(broker => broker.trim()))
    .refine(brokers => brokers.every(broker => brokerPattern.test(broker)), {
      error: 'expected host:port, several with commas between them',
    }),
  CORDON_KAFKA_TLS: flag().default(false),
  CORDON_KAFKA_TLS_CA_FILE: fileText().optional(),
  CORDON_KAFKA_TLS_CERT_FILE: fileText().optional(),
  CORDON_KAFKA_TLS_KEY_FILE: secretFileText().optional(),
  CORDON_KAFKA_SASL_MECHANISM: z
    .string()
    .transform(text => text.toLowerCase())
    .pipe(z.enum(['plain', 'scram-sha-256', 'scram-sha-512']))
    .optional(),
  CORDON_KAFKA_SASL_USERNAME: z.string().optional(),
  CORDON_KAFKA_SASL_PASSWORD: secret().optional(),
  // Kafka allows these characters in topic names; 100 of its 249 leave room for the name itself.
  CORDON_TOPIC_PREFIX: z
    .string()
    .regex(/^[\w.-]{0,100}$/, { error: 'expected at most 100 letters, digits and . _ -' })
    .default(''),
}

type KafkaVariables = z.output<z.ZodObject<typeof kafkaVariables>>

/**
 * @param parsed what `readSettings` gave for a schema with `kafkaVariables` in it
 * @throws SettingsError where variables contradict each other
 */
export const kafkaSettings = (
  parsed: Readonly<{ [Name in keyof KafkaVariables]: Readonly<KafkaVariables[Name]> }>,
  { service }: { readonly service?: string } = {},
): KafkaSettings => {
  const ca = parsed.CORDON_KAFKA_TLS_CA_FILE
  const cert = parsed.CORDON_KAFKA_TLS_CERT_FILE
  const key = parsed.CORDON_KAFKA_TLS_KEY_FILE
  const mechanism = parsed.CORDON_KAFKA_SASL_MECHANISM
  const username = parsed.CORDON_KAFKA_SASL_USERNAME
  const password = parsed.CORDON_KAFKA_SASL_PASSWORD

  const problems: string[] = []
  if (!parsed.CORDON_KAFKA_TLS && (ca ?? cert ?? key) !== undefined)
    problems.push('CORDON_KAFKA_TLS: expected true beside CORDON_KAFKA_TLS_*_FILE, got false')
  if ((cert === undefined) !== (key === undefined))
    problems.push('CORDON_KAFKA_TLS_CERT_FILE, CORDON_KAFKA_TLS_KEY_FILE: expected both, got one')
  const saslGiven = [mechanism, username, password].filter(value => value !== undefined).length
  if (saslGiven !== 0 && saslGiven !== 3)
    problems.push(`CORDON_KAFKA_SASL_MECHANISM, _USERNAME, _PASSWORD: expected all three, got ${saslGiven}`)
  if (problems.length > 0) throw new SettingsError(service ?? 'kafka', problems)

  return sealSettings({
    brokers: [...parsed.KAFKA_BROKERS],
    topicPrefix: parsed.CORDON_TOPIC_PREFIX,
    clientId: service === undefined ? 'cordon' : `cordon-${service}`,
    ...(parsed.CORDON_KAFKA_TLS && {
      tls: sealSettings(
        {
          ...(ca !== undefined && { ca }),
          ...(cert !== undefined && { cert }),
          ...(key !== undefined && { key }),
        },
        ['key'],
      ),
    }),
    ...(mechanism !== undefined &&
      username !== undefined &&
      password !== undefined && { sasl: sealSettings({ mechanism, username, password }, ['password']) }),
  })
}
