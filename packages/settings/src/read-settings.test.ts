import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'

import { z } from 'zod'

import { readSettings } from './read-settings.ts'
import { SettingsError } from './settings-error.ts'
import { flag, milliseconds, port, secret, secretFileText } from './variable.ts'

const schema = z.object({
  CORDON_PORT: port().default(8080),
  CORDON_SOCKET: z.string(),
  CORDON_WAIT: milliseconds().default(250),
  CORDON_PASSWORD: secret().optional(),
  CORDON_VERBOSE: flag().default(false),
})

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readSettings(schema, env, { service: 'engine' })
  } catch (error) {
    assert.ok(error instanceof SettingsError)
    return error.problems
  }
  return []
}

test('parses variables and fills in defaults; an empty variable is not set', () => {
  assert.deepEqual(
    readSettings(
      schema,
      { CORDON_SOCKET: 's', CORDON_PORT: '', CORDON_VERBOSE: 'true', PATH: '/bin' },
      { service: 'engine' },
    ),
    { CORDON_PORT: 8080, CORDON_SOCKET: 's', CORDON_WAIT: 250, CORDON_VERBOSE: true },
  )
})

test('lists every problem at once, with expected and got', () => {
  assert.deepEqual(problemsOf({ CORDON_PORT: '70000', CORDON_WAIT: '1.5', CORDON_VERBOSE: 'yes' }), [
    'CORDON_PORT: expected a port from 0 to 65535, got "70000"',
    'CORDON_SOCKET: expected a value, got nothing',
    'CORDON_WAIT: expected whole milliseconds, got "1.5"',
    'CORDON_VERBOSE: expected true or false, got "yes"',
  ])
})

test('an unknown CORDON_ variable is fatal, and a slip of the pen is pointed out', () => {
  assert.deepEqual(problemsOf({ CORDON_SOCKET: 's', CORDON_SOKET: 't', CORDON_ALLOW_EVERYTHING: 'true' }), [
    'CORDON_SOKET: expected a known variable; did you mean CORDON_SOCKET?',
    'CORDON_ALLOW_EVERYTHING: expected a known variable; this service reads no such variable',
  ])
})

test('a secret is neither in the error nor in what is printed', () => {
  const settings = readSettings(
    schema,
    { CORDON_SOCKET: 's', CORDON_PASSWORD: 'hunter2' },
    { service: 'engine' },
  )
  assert.equal(settings.CORDON_PASSWORD, 'hunter2')
  for (const text of [inspect({ settings }), JSON.stringify({ settings }), inspect(settings, { depth: 0 })]) {
    assert.ok(!text.includes('hunter2'))
  }
  assert.match(inspect(settings), /CORDON_PASSWORD: '\[redacted\]'/)

  const strict = z.object({
    CORDON_PIN: secret()
      .refine(text => text.length === 4, 'expected 4 digits')
      .optional(),
  })
  assert.throws(
    () => readSettings(strict, { CORDON_PIN: 'hunter2' }, { service: 'engine' }),
    (error: Error) => error.message.includes('CORDON_PIN') && !error.message.includes('hunter2'),
  )
})

test('names the file that cannot be read', () => {
  const withFile = z.object({ CORDON_KEY_FILE: secretFileText() })
  assert.throws(() => readSettings(withFile, { CORDON_KEY_FILE: '/no/such/file' }, { service: 'engine' }), {
    code: 'SETTINGS_INVALID',
    message: /CORDON_KEY_FILE: expected a readable file \(ENOENT\)/,
  })
})

test('is frozen all the way down', () => {
  const settings = readSettings(
    z.object({ CORDON_LIST: z.string().transform(text => ({ items: text.split(',') })) }),
    { CORDON_LIST: 'a,b' },
    { service: 'engine' },
  )
  assert.ok(Object.isFrozen(settings))
  assert.ok(Object.isFrozen(settings.CORDON_LIST.items))
})
