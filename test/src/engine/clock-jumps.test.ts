import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import type { EngineWorld } from './engine-world.ts'
import { openEngineWorld } from './engine-world.ts'

const tenMinutes = 600_000
const preload = new URL('shifted-clock.process.ts', import.meta.url).href

/** An engine whose clock can be set. */
const openShiftedWorld = async (
  context: TestContext,
): Promise<{ readonly world: EngineWorld; readonly setAhead: (ms: number) => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-clock-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'ahead-ms')
  const setAhead = (ms: number): Promise<void> => writeFile(file, String(ms))
  await setAhead(0)
  const engine = { NODE_OPTIONS: `--import ${preload}`, TEST_CLOCK_FILE: file }
  return { world: await openEngineWorld(context, { engine }), setAhead }
}

const refused = (world: EngineWorld, reason: string): Promise<number> =>
  world.counted(`cordon_engine_calls_refused_total{reason="${reason}"}`)

/**
 * @fault an engine’s clock is ten minutes ahead, then ten minutes behind
 * @behaviour tokens are expired, or not valid yet (`TOKEN_EXPIRED`, `TOKEN_INVALID`); ahead, what is sensitive is denied (`SESSION_STALE`); behind, a dead scorer is seen all the same; set right, all goes on
 * @counter cordon_engine_calls_refused_total{reason="TOKEN_EXPIRED"}
 */
test('a clock that jumps lets nothing through that it should not, and holds nothing up once it is right', async context => {
  const { world, setAhead: setEngineAhead } = await openShiftedWorld(context)
  // The agents' clock goes with the engine's, so that it is the token that is judged.
  const setAhead = async (ms: number): Promise<void> => {
    await setEngineAhead(ms)
    world.client.clockAheadMs = ms
  }
  const sessionId = await world.openSession()
  const call = async (tool: string, token: string): Promise<string> => {
    const reply = await world.client.authorize({
      token,
      server: 'files',
      tool,
      arguments: { path: '/data/a' },
    })
    return reply.refusal?.reason ?? reply.verdict
  }
  const token = await world.tokenOf(sessionId)
  const becomes = (what: string, tool: string, shown: string): Promise<void> =>
    eventually(what, async () => (await call(tool, shown)) === what)
  for (const tool of ['read_file', 'write_file']) assert.equal(await call(tool, token), 'forward')

  await setAhead(tenMinutes)
  await becomes('TOKEN_EXPIRED', 'read_file', token)
  const ofThen = await world.tokenOf(sessionId, { ageMs: -tenMinutes })
  assert.equal(await call('read_file', ofThen), 'forward')
  assert.equal(await call('write_file', ofThen), 'SESSION_STALE')

  await setAhead(0)
  await becomes('forward', 'write_file', token)
  // Good from in ten minutes on.
  assert.equal(await call('read_file', ofThen), 'TOKEN_INVALID')

  await setAhead(-tenMinutes)
  await becomes('TOKEN_INVALID', 'read_file', token)
  const ofBefore = await world.tokenOf(sessionId, { ageMs: tenMinutes })
  assert.equal(await call('write_file', ofBefore), 'forward')
  world.scorer.stopBeating()
  await becomes('SESSION_STALE', 'write_file', ofBefore)
  assert.equal(await call('read_file', ofBefore), 'forward')
  for (const reason of ['TOKEN_EXPIRED', 'TOKEN_INVALID', 'SESSION_STALE'])
    assert.ok((await refused(world, reason)) > 0, `expected ${reason} to be counted`)
})
