import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'

import { z } from 'zod'

import { readSettings } from './read-settings.ts'
import type { RegistrySettings } from './registry-settings.ts'
import { registrySettings, registryVariables } from './registry-settings.ts'

const read = (env: Record<string, string>): RegistrySettings =>
  registrySettings(readSettings(z.object(registryVariables), env, { service: 'scorer' }))

test('takes the URL without the slash at its end', () => {
  assert.deepEqual(read({ SCHEMA_REGISTRY_URL: 'http://registry:8081/apis/ccompat/v7/' }), {
    url: 'http://registry:8081/apis/ccompat/v7',
  })
})

test('credentials come in pairs and are not printed', () => {
  const half = { SCHEMA_REGISTRY_URL: 'https://registry', CORDON_REGISTRY_USERNAME: 'scorer' }
  assert.throws(() => read(half), /expected both, got one/)
  assert.ok(!inspect(read({ ...half, CORDON_REGISTRY_PASSWORD: 'hunter2' })).includes('hunter2'))
})

test('rejects a password in the URL', () => {
  assert.throws(
    () => read({ SCHEMA_REGISTRY_URL: 'https://scorer:secret@registry' }),
    /without a name or password/,
  )
})
