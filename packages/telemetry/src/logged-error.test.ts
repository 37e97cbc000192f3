import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

import { createTelemetry } from './telemetry.ts'

test('the command line of a program that could not be started is never logged', async () => {
  const lines: string[] = []
  const { log } = createTelemetry({
    service: 'proxy',
    logLevel: 'info',
    destination: { write: line => void lines.push(line) },
  })
  const [error] = await once(spawn('/nowhere/secret-command', ['--key', 'secret-key']), 'error').catch(
    (error: unknown) => [error],
  )
  log.error({ error: error as unknown }, 'uncaught error')
  assert.doesNotMatch(lines[0]!, /secret/)
  assert.match(lines[0]!, /"message":"spawn: ENOENT"/)
})
