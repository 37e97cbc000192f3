import assert from 'node:assert/strict'
import { test } from 'node:test'

import { kafkaEnvironment, localKafkaEnvironment } from './kafka-environment.ts'

const environment = {
  KAFKA_BROKERS: 'far:9092',
  CORDON_KAFKA_SASL_PASSWORD: 'secret',
  CORDON_TOPIC_PREFIX: 'mine-',
  CORDON_CACHE_DIR: '/cache',
}

test('a service gets the variables of Kafka and no others', () => {
  assert.deepEqual(kafkaEnvironment(environment), {
    KAFKA_BROKERS: 'far:9092',
    CORDON_KAFKA_SASL_PASSWORD: 'secret',
    CORDON_TOPIC_PREFIX: 'mine-',
  })
})

test('a local broker is never shown the credentials of another one', () => {
  assert.deepEqual(localKafkaEnvironment(environment, '127.0.0.1:1'), {
    KAFKA_BROKERS: '127.0.0.1:1',
    CORDON_TOPIC_PREFIX: 'mine-',
  })
})
