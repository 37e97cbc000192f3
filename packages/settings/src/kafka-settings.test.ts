import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'

import { z } from 'zod'

import type { KafkaSettings } from './kafka-settings.ts'
import { kafkaSettings, kafkaVariables } from './kafka-settings.ts'
import { readSettings } from './read-settings.ts'

const read = (env: Record<string, string>): KafkaSettings =>
  kafkaSettings(readSettings(z.object(kafkaVariables), env, { service: 'scorer' }), { service: 'scorer' })

test('a list of brokers is enough', () => {
  assert.deepEqual(read({ KAFKA_BROKERS: 'a.example:9092, [::1]:9093' }), {
    brokers: ['a.example:9092', '[::1]:9093'],
    topicPrefix: '',
    clientId: 'cordon-scorer',
  })
})

test('SASL takes all three variables, and the password is not printed', () => {
  const sasl = {
    KAFKA_BROKERS: 'b:1',
    CORDON_KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    CORDON_KAFKA_SASL_USERNAME: 'scorer',
  }
  assert.throws(() => read(sasl), /expected all three, got 2/)
  const settings = read({ ...sasl, CORDON_KAFKA_SASL_PASSWORD: 'hunter2' })
  assert.deepEqual(settings.sasl, { mechanism: 'scram-sha-512', username: 'scorer', password: 'hunter2' })
  assert.ok(!inspect(settings, { depth: 5 }).includes('hunter2'))
  assert.ok(!JSON.stringify(settings).includes('hunter2'))
})

test('certificates without TLS are a mistake, not plain text', () => {
  assert.throws(
    () => read({ KAFKA_BROKERS: 'b:1', CORDON_KAFKA_TLS_CA_FILE: import.meta.filename }),
    /CORDON_KAFKA_TLS: expected true/,
  )
})

test('a client certificate needs its key', () => {
  const tls = {
    KAFKA_BROKERS: 'b:1',
    CORDON_KAFKA_TLS: 'true',
    CORDON_KAFKA_TLS_CERT_FILE: import.meta.filename,
  }
  assert.throws(() => read(tls), /expected both, got one/)
  const { tls: given } = read({ ...tls, CORDON_KAFKA_TLS_KEY_FILE: import.meta.filename })
  assert.match(given?.key ?? '', /a client certificate needs its key/)
  assert.match(inspect(given), /key: '\[redacted\]'/)
})

test('rejects brokers without a port and prefixes that Kafka refuses', () => {
  assert.throws(
    () => read({ KAFKA_BROKERS: 'broker', CORDON_TOPIC_PREFIX: 'a/b' }),
    /2 problems in the environment\n {2}KAFKA_BROKERS: expected host:port.*\n {2}CORDON_TOPIC_PREFIX: expected at most/,
  )
})
