import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findFreePort } from '../free-port.ts'
import type { Supervisor } from '../process/service-process.ts'
import { hostAndPort } from './given-broker.ts'
import { prepareBroker } from './prepare-broker.ts'

/** Nothing may be started in these tests. */
const supervisor: Supervisor = {
  folder: '/nonexistent',
  guardianPid: 0,
  failed: Promise.withResolvers<never>().promise,
  start: () => assert.fail('started a process'),
  run: () => assert.fail('ran a program'),
  removeAtEnd: () => assert.fail('made a folder'),
  makeTemporaryFolder: () => assert.fail('made a folder'),
  close: () => Promise.resolve(),
}
const context = { supervisor, cache: '/nonexistent', onProgress: () => undefined }

test('names every source and the ways out where no broker can be had', async () => {
  const environment = { JAVA_HOME: '/nonexistent' }
  await assert.rejects(prepareBroker({ ...context, environment }), {
    code: 'BROKER_MISSING',
    message: [
      'No Kafka broker can be had:',
      '  KAFKA_BROKERS: not set',
      '  java: expected Java 17 or newer, got /nonexistent/bin/java does not run',
      'Ways out:',
      '  - set KAFKA_BROKERS=host:port to use a broker that runs already, or',
      '  - install Java 17 or newer and Maven (Debian, Ubuntu: apt install openjdk-17-jre-headless maven)',
    ].join('\n'),
  })
})

test('takes no other broker where the chosen one does not answer', async () => {
  const environment = { KAFKA_BROKERS: `127.0.0.1:${await findFreePort()}` }
  await assert.rejects(prepareBroker({ ...context, environment }), {
    code: 'BROKER_UNREACHABLE',
    message: /^KAFKA_BROKERS: expected a broker that accepts connections at 127\.0\.0\.1:\d+, got none/,
  })
})

test('refuses a broker that is no address', async () => {
  await assert.rejects(prepareBroker({ ...context, environment: { KAFKA_BROKERS: 'kafka' } }), {
    message: /KAFKA_BROKERS: expected host:port/,
  })
})

test('reads hosts, addresses and bracketed addresses', () => {
  assert.deepEqual(hostAndPort('kafka.example:9092'), ['kafka.example', 9092])
  assert.deepEqual(hostAndPort('[::1]:9092'), ['::1', 9092])
})
