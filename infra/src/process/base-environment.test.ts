import assert from 'node:assert/strict'
import { test } from 'node:test'

import { baseEnvironment } from './base-environment.ts'

test('passes on what programs need, and neither settings nor secrets', () => {
  assert.deepEqual(
    baseEnvironment({ PATH: '/bin', HOME: '/home/a', CORDON_TOPIC_PREFIX: 'x', AWS_SECRET_ACCESS_KEY: 's' }),
    { PATH: '/bin', HOME: '/home/a' },
  )
})
