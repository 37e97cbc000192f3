import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openGateway } from './gateway.ts'

// The hijacked agent has the key of its session, and wants to call so that no record tells of it.

test('rejects a low read of which no log can take a record', async context => {
  const gateway = await openGateway(context)
  await gateway.accepts()
  // In place of whatever an agent may find: one field that Avro cannot write is as good as another.
  gateway.engineOf().changeBundle({ version: Number.MAX_SAFE_INTEGER })
  const { text } = await gateway.ask()
  assert.ok(text.includes('RECORD_UNWRITABLE'), text)
  assert.equal(gateway.server.acted.length, 1)
  assert.equal(gateway.engineOf().log.at(-1)?.name, 'InvocationDenied')
})
