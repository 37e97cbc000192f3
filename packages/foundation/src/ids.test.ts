import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isSessionId, makeSessionId, parseAgentId, parseSessionId, partitionOfSession } from './ids.ts'

const uuid = '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'

test('a session id carries its partition', () => {
  const id = makeSessionId(12, uuid)
  assert.equal(id, `12.${uuid}`)
  assert.equal(partitionOfSession(id), 12)
})

test('rejects ids of another form without repeating them', () => {
  for (const text of [
    '',
    uuid,
    `.${uuid}`,
    `-1.${uuid}`,
    `01.${uuid}`,
    `1.${uuid.toUpperCase()}`,
    `1.${uuid} `,
  ]) {
    assert.equal(isSessionId(text), false)
    assert.throws(
      () => parseSessionId(text),
      (error: Error) =>
        'code' in error &&
        error.code === 'SESSION_ID_MALFORMED' &&
        (text === '' || !error.message.includes(text)),
    )
  }
})

test('rejects an empty agent id', () => {
  assert.throws(() => parseAgentId(''), { code: 'ID_EMPTY' })
})
