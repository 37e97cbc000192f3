import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { after, before, describe, test } from 'node:test'

import type { AuthorizeReply } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'
import { generateSigningKeyPem, openSigningKey } from '@cordon/tokens'

import { eventually } from '../support/eventually.ts'
import type { EngineWorld } from './engine-world.ts'
import { openEngineWorld } from './engine-world.ts'

describe('calls that no engine forwards', () => {
  let world: EngineWorld
  let sessionId: SessionId
  const closers: (() => Promise<void>)[] = []
  before(async () => {
    world = await openEngineWorld({ after: close => closers.push(close) })
    sessionId = await world.openSession()
  })
  after(async () => {
    for (const close of closers.reverse()) await close()
  })

  const ask = (token: string, call: object = {}): Promise<AuthorizeReply> =>
    world.client.authorize({ token, server: 'files', tool: 'read_file', arguments: {}, ...call })

  /** Denied with this reason and words, once, and counted; the words quote no part of the token. */
  const requireDenial = async (
    series: string,
    message: RegExp,
    token: string,
    call: object = {},
  ): Promise<void> => {
    const before = await world.counted(series)
    const { verdict, refusal } = await ask(token, call)
    assert.equal(verdict, 'deny')
    assert.ok(series.includes(`"${refusal?.reason}"`), `expected ${series}, got ${refusal?.reason}`)
    assert.match(refusal!.message, message)
    for (const part of token.split('.')) assert.ok(part.length < 8 || !refusal!.message.includes(part))
    assert.equal(await world.counted(series), before + 1)
    assert.equal((await ask(await world.tokenOf(sessionId))).verdict, 'forward', 'and others go on')
  }

  /**
   * @input a token that has expired
   * @behaviour denied (`TOKEN_EXPIRED`); 401 with `error="invalid_token"`
   * @counter cordon_engine_calls_refused_total{reason="TOKEN_EXPIRED"}
   */
  test('rejects an expired token', async () => {
    const token = await world.tokenOf(sessionId, { ageMs: 180_000 })
    await requireDenial('cordon_engine_calls_refused_total{reason="TOKEN_EXPIRED"}', /expired/, token)
  })

  /**
   * @input a token that somebody else signed
   * @behaviour denied (`TOKEN_INVALID`); 401 with `error="invalid_token"`
   * @counter cordon_engine_calls_refused_total{reason="TOKEN_INVALID"}
   */
  test('rejects a foreign token', async () => {
    const signedBy = await openSigningKey(generateSigningKeyPem())
    const token = await world.tokenOf(sessionId, { signedBy })
    await requireDenial('cordon_engine_calls_refused_total{reason="TOKEN_INVALID"}', /token/, token)
  })

  /**
   * @input a token with `alg: none`, and one whose claims were changed
   * @behaviour denied (`TOKEN_INVALID`), like every algorithm but ES256
   * @counter cordon_engine_calls_refused_total{reason="TOKEN_INVALID"}
   */
  test('rejects a token that nobody signed', async () => {
    const series = 'cordon_engine_calls_refused_total{reason="TOKEN_INVALID"}'
    const [header, claims, signature] = (await world.tokenOf(sessionId)).split('.') as [
      string,
      string,
      string,
    ]
    const unsigned = Buffer.from('{"typ":"at+jwt","alg":"none"}').toString('base64url')
    await requireDenial(series, /token/, `${unsigned}.${claims}.`)
    await requireDenial(series, /token/, `${unsigned}.${claims}.${signature}`)
    const other = await world.openSession()
    const changed = Buffer.from(claims, 'base64url').toString().replace(sessionId, other)
    const forged = `${header}.${Buffer.from(changed).toString('base64url')}.${signature}`
    await requireDenial(series, /token/, forged)
  })

  /**
   * @input a token for another tool server
   * @behaviour denied (`TOKEN_AUDIENCE`)
   * @counter cordon_engine_calls_refused_total{reason="TOKEN_AUDIENCE"}
   */
  test('rejects a token for another server', async () => {
    const series = 'cordon_engine_calls_refused_total{reason="TOKEN_AUDIENCE"}'
    await requireDenial(series, /server/, await world.tokenOf(sessionId), { server: 'mail' })
  })

  /**
   * @input a well-signed token of a session that was never opened, or is over
   * @behaviour denied (`SESSION_UNKNOWN`)
   * @counter cordon_engine_calls_refused_total{reason="SESSION_UNKNOWN"}
   */
  test('rejects an unknown session', async () => {
    const token = await world.tokenOf(world.newSession())
    const series = 'cordon_engine_calls_refused_total{reason="SESSION_UNKNOWN"}'
    await requireDenial(series, /not known, or is over/, token)
  })

  /**
   * @input a tool that the catalogue does not have
   * @behaviour denied (`TOOL_UNKNOWN`); the denial is on record
   * @counter cordon_engine_calls_refused_total{reason="TOOL_UNKNOWN"}
   */
  test('rejects an unknown tool', async () => {
    const series = 'cordon_engine_calls_refused_total{reason="TOOL_UNKNOWN"}'
    const message = /catalogue has no tool files\/format_disk/
    await requireDenial(series, message, await world.tokenOf(sessionId), { tool: 'format_disk' })
    await eventually('the denial on record', () =>
      world.scorer.events.some(
        ({ name, value }) => name === 'InvocationDenied' && value.reason === 'TOOL_UNKNOWN',
      ),
    )
  })

  /**
   * @input arguments nested deeper than 64 levels, of more than 10,000 members and items, or of more than 1 MiB
   * @behaviour denied (`ARGUMENTS_INVALID`) with what they may hold; none of them is looked through, and what fits into no frame is not even sent
   * @counter cordon_engine_calls_refused_total{reason="ARGUMENTS_INVALID"}
   */
  test('rejects arguments beyond every tool', async () => {
    const series = 'cordon_engine_calls_refused_total{reason="ARGUMENTS_INVALID"}'
    const token = await world.tokenOf(sessionId)
    let nested: object = {}
    for (let level = 0; level < 100; level += 1) nested = { nested }
    await requireDenial(series, /at most 64 levels/, token, { arguments: nested })
    for (const [large, says] of [
      [{ items: Array.from({ length: 10_000 }, () => 1) }, /at most 10000 members and items/],
      [{ text: 'x'.repeat(1024 * 1024) }, /at most 1048576 characters/],
      // Two bytes each: {"text":"…"} are 11 more.
      [{ text: 'é'.repeat(527_000) }, /may have 1048576 bytes, and have 1054011/],
      [{ text: 'x'.repeat(3 * 1024 * 1024) }, /may have 1048576 bytes, and the call has 3148000/],
    ] as const)
      await requireDenial(series, says, token, { arguments: large })
  })

  /**
   * @input a peer of the engine's socket that does not speak its protocol: HTTP, a frame without end, one of 4 GiB
   * @behaviour its connection is cut; the enforcement points beside it notice nothing
   * @counter cordon_engine_peers_broken_total
   */
  test('cuts a peer that speaks something else', async () => {
    const series = 'cordon_engine_peers_broken_total'
    const before = await world.counted(series)
    const lies = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(8, 0xff),
      Buffer.from([0, 0, 0, 2, 0x7b, 0x7d]),
    ]
    for (const lie of lies) {
      const peer = createConnection(world.socketPath)
      peer.on('error', () => undefined).resume()
      peer.write(lie)
      await once(peer, 'close')
    }
    assert.equal(await world.counted(series), before + lies.length)
    assert.equal((await ask(await world.tokenOf(sessionId))).verdict, 'forward')
  })
})
