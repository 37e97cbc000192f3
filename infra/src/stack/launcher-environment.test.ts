import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openWorkplace } from './workplace.ts'

const open = (environment: Readonly<Record<string, string>>) =>
  openWorkplace({ environment, onProgress: () => undefined })

test('a variable that nobody would read is refused, and the one that was meant is named', async () => {
  await assert.rejects(open({ PATH: '/bin', CORDON_TOPIC_PREFX: 'typo-', CORDON_CACHE_DIR: '/cache' }), {
    code: 'SETTINGS_INVALID',
    message:
      'launcher: 1 problem in the environment\n' +
      '  CORDON_TOPIC_PREFX: expected a known variable; did you mean CORDON_TOPIC_PREFIX?',
  })
  // A service's own setting, which the launcher makes up.
  await assert.rejects(open({ CORDON_ISSUER: 'https://mine.example' }), { code: 'SETTINGS_INVALID' })
})

test('what is passed on to services is known, whatever its value', async () => {
  const workplace = await open({
    KAFKA_BROKERS: 'broker:9092',
    CORDON_TOPIC_PREFIX: 'mine-',
    CORDON_KAFKA_TLS: 'of another cluster',
    CORDON_REGISTRY_PASSWORD: 'secret',
    CORDON_CACHE_DIR: '',
  })
  await workplace.close()
})
