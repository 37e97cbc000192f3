import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'

import { cordon, main, temporaryFolder } from '../support/command.ts'

test('a stop that comes while everything is starting is acted on, and leaves nothing', async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const folder = temporaryFolder(t)
    const { code, out } = await cordon(t, ['up', '--throwaway'], { signal, environment: { TMPDIR: folder } })
    assert.equal(code, 0)
    assert.match(out, /Stopping\.\n$/)
    assert.doesNotMatch(out, /Ready after/)
    assert.deepEqual(readdirSync(folder), [])
  }
})

test('what is not understood says so in a line or two, and ends with 2', async t => {
  const commands: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['nosuch'], /^error: unknown command 'nosuch'\n/],
    [['up', '--nosuch'], /^error: unknown option '--nosuch'\n/],
    [['up', '--data', ''], /expected the name of a folder/],
    [['up', '--bundle', 'b.json'], /expected --servers and --bundle together/],
    [['replay'], /missing required argument 'file'/],
    [['replay', 'f', '--speed', '0'], /expected a number above 0, or max/],
  ]
  for (const [args, message] of commands) {
    const { code, error } = await cordon(t, args)
    assert.match(error, message)
    assert.ok(error.split('\n').length <= 3, error)
    assert.equal(code, 2)
  }
})

test('what cannot be used is named before anything starts', async t => {
  const environment = { CORDON_KAFKA_TLS: 'yes' }
  const refused = await cordon(t, ['up', '--throwaway'], { environment })
  assert.deepEqual([refused.code, refused.out], [1, ''])
  assert.match(
    refused.error,
    /^cordon: launcher: 1 problem in the environment\n {2}CORDON_KAFKA_TLS: expected/,
  )
  const folder = await cordon(t, ['up', '--data', main])
  assert.deepEqual([folder.code, folder.out], [1, ''])
  assert.match(
    folder.error,
    /^cordon: .*main\.ts: expected a folder that can be made and written, got a file\n$/,
  )
})
