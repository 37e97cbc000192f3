import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

import type { Fault } from '../core/fault.ts'
import { createStdioChildren } from './stdio-children.ts'

const quiet = { line: () => undefined, suppressed: () => undefined }

/** The module, for a process that has no descriptor left. */
const starved = `
import { openSync } from 'node:fs'
import { createStdioChildren } from ${JSON.stringify(new URL('stdio-children.ts', import.meta.url).href)}
const children = createStdioChildren({ environment: {}, maxMessageBytes: 1000, stderrOf: () => ({}) })
const start = () =>
  children.start('bank', { transport: 'stdio', command: process.execPath, args: ['--secret-token'], env: {} }, {
    onLine: () => undefined,
    onGone: ({ kind, detail }) => console.log(JSON.stringify({ kind, detail })),
  })
try {
  for (;;) openSync('/dev/null', 'r')
} catch {}
start().end()
`

test('a tool server that cannot be started for want of descriptors is a fault, not the end of the proxy', () => {
  const { status, stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -n 64 && exec "$0" "$@"', process.execPath, '--input-type=module', '--eval', starved],
    { encoding: 'utf8' },
  )
  assert.equal(stderr, '')
  assert.deepEqual(JSON.parse(stdout), {
    kind: 'unreachable',
    detail: 'expected its command to start, got EMFILE',
  })
  assert.equal(status, 0)
})

test('a command line that the system does not take is a fault, told after the start', async () => {
  const children = createStdioChildren({ environment: {}, maxMessageBytes: 1_000, stderrOf: () => quiet })
  const faults: Fault[] = []
  const gone = Promise.withResolvers<void>()
  const server = {
    transport: 'stdio',
    command: process.execPath,
    args: ['x'.repeat(4_000_000)],
    env: {},
  } as const
  const child = children.start('bank', server, {
    onLine: () => undefined,
    onGarbled: () => undefined,
    onGone(fault) {
      faults.push(fault)
      gone.resolve()
    },
  })
  assert.deepEqual(faults, [])
  await gone.promise
  assert.deepEqual(faults, [{ kind: 'unreachable', detail: 'expected its command to start, got E2BIG' }])
  await child.end()
})
