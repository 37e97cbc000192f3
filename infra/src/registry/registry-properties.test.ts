import assert from 'node:assert/strict'
import { test } from 'node:test'

import { registryProperties } from './registry-properties.ts'

const kafka = { brokers: ['a:1', 'b:2'], topicPrefix: 'mine-', clientId: 'x' }
const common = 'apicurio.kafka.common.'

test('memory needs no broker', () => {
  assert.equal(registryProperties(1, { kind: 'memory' })['apicurio.storage.kind'], undefined)
})

test('its log has dates as people write them', () => {
  assert.match(
    String(registryProperties(1, { kind: 'memory' })['quarkus.log.console.format']),
    /^%d\{yyyy-MM-dd HH:mm:ss,SSS\} %-5p .*%s%e%n$/,
  )
})

test('the journal stands under the prefix and is kept for ever', () => {
  const properties = registryProperties(1, { kind: 'broker', kafka })
  assert.equal(properties['apicurio.kafkasql.bootstrap.servers'], 'a:1,b:2')
  assert.equal(properties['apicurio.kafkasql.topic'], 'mine-cordon-registry-journal')
  assert.equal(properties['apicurio.kafkasql.topic.retention.ms'], -1)
  assert.equal(properties[`${common}security.protocol`], undefined)
})

test('TLS and SASL are said in the words of a Java client', () => {
  const properties = registryProperties(1, {
    kind: 'broker',
    kafka: {
      ...kafka,
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY' },
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p"\\${x}' },
    },
  })
  assert.equal(properties[`${common}security.protocol`], 'SASL_SSL')
  assert.equal(properties[`${common}ssl.truststore.certificates`], 'CA')
  assert.equal(properties[`${common}ssl.keystore.key`], 'KEY')
  assert.equal(properties[`${common}sasl.mechanism`], 'SCRAM-SHA-512')
  assert.equal(
    properties[`${common}sasl.jaas.config`],
    'org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="p\\"\\\\\\${x}";',
  )
})
