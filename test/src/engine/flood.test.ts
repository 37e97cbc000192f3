import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { partitionOfSession, percentiles, type SessionId } from '@cordon/foundation'

import { eventually } from '../support/eventually.ts'
import type { EngineWorld } from './engine-world.ts'
import { openEngineWorld } from './engine-world.ts'

const limit = { callsPerSecond: 100, burst: 300 }
const floodCalls = 4_000
const abreast = 100

/**
 * @fault one session floods the partition that it shares with others
 * @behaviour above `rateLimit` its calls are denied (`RATE_LIMITED`), ten denials and one a second are on record; gated calls of others on the same partition go on
 * @counter cordon_engine_calls_refused_total{reason="RATE_LIMITED"}
 */
test('a session that floods is held to its rate, and the gated calls beside it go on', async context => {
  const world = await openEngineWorld(context, { rateLimit: limit })
  world.scorer.judge = () => 'forward'
  const [flooder, neighbour] = await openNeighbours(world)
  const startedAt = Date.now()
  const answers: string[] = []
  const flood = floodOf(world, flooder, answers)
  const judged: string[] = []
  while (answers.length < floodCalls) {
    const reply = await callOf(world, neighbour, 'send_mail')
    judged.push(reply.refusal?.reason ?? reply.verdict)
  }
  await flood
  const seconds = Math.ceil((Date.now() - startedAt) / 1000)

  assert.ok(judged.length > 5, `expected gated calls meanwhile, got ${judged.length}`)
  assert.deepEqual(new Set(judged), new Set(['forward']))
  const forwarded = answers.filter(answer => answer === 'forward').length
  assert.deepEqual(new Set(answers), new Set(['forward', 'RATE_LIMITED']))
  const most = limit.burst + limit.callsPerSecond * seconds
  assert.ok(
    forwarded >= limit.burst && forwarded <= most,
    `expected ${limit.burst} to ${most}, got ${forwarded}`,
  )
  const refused = await world.counted('cordon_engine_calls_refused_total{reason="RATE_LIMITED"}')
  assert.equal(refused, floodCalls - forwarded)
  await eventually(
    'what was forwarded on record',
    () => named(world, flooder, 'InvocationAttempted') >= forwarded,
  )
  assert.equal(named(world, flooder, 'InvocationAttempted'), forwarded)
  const denials = named(world, flooder, 'InvocationDenied')
  const mostDenials = 10 + seconds
  assert.ok(denials >= 1 && denials <= mostDenials, `expected 1 to ${mostDenials} on record, got ${denials}`)
})

/**
 * @fault one session sends calls of 1 MiB, several at once, as long to look through as can be
 * @behaviour each counts as its 4 KiB do against `rateLimit`, and they take turns with all else: gated calls of others go on
 * @counter cordon_engine_calls_refused_total{reason="RATE_LIMITED"}
 */
test('a session that sends large calls is held to its rate by their size, and the gated calls beside it go on', async context => {
  const world = await openEngineWorld(context, { rateLimit: limit })
  world.scorer.judge = () => 'forward'
  const [flooder, neighbour] = await openNeighbours(world)
  const alone = await gatedFor(world, neighbour, 3_000)
  const token = await world.tokenOf(flooder)
  const text = 'a@b.co '.repeat(Math.floor((1024 * 1024 - 64) / 7))
  const answers: string[] = []
  const over = new AbortController()
  const large = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const call = { token, server: 'files', tool: 'read_file', arguments: { path: '/data/a', text } }
      const { verdict, refusal } = await world.client.authorize(call)
      answers.push(refusal?.reason ?? verdict)
    }
  }
  const startedAt = Date.now()
  const flood = Promise.all([large(), large(), large()])
  const beside = await gatedFor(world, neighbour, 6_000)
  over.abort()
  await flood
  const seconds = (Date.now() - startedAt) / 1000
  context.diagnostic(
    `a gated call alone ${inWords(alone.tookMs)}, beside ${answers.length} calls of 1 MiB ${inWords(beside.tookMs)}`,
  )

  assert.deepEqual(new Set([...alone.judged, ...beside.judged]), new Set(['forward']))
  assert.deepEqual(new Set(answers), new Set(['forward', 'RATE_LIMITED']))
  const forwarded = answers.filter(answer => answer === 'forward').length
  // 257 calls each.
  const most = Math.floor((limit.burst + limit.callsPerSecond * seconds) / 257)
  assert.ok(forwarded >= 1 && forwarded <= most, `expected 1 to ${most}, got ${forwarded}`)
  const refused = await world.counted('cordon_engine_calls_refused_total{reason="RATE_LIMITED"}')
  assert.equal(refused, answers.length - forwarded)
})

const gatedApartMs = 20

/** Gated calls one after the other, well below the limit. */
const gatedFor = async (world: EngineWorld, sessionId: SessionId, forMs: number) => {
  const judged: string[] = []
  const tookMs: number[] = []
  const endsAt = performance.now() + forMs
  while (performance.now() < endsAt) {
    const from = performance.now()
    const { verdict, refusal } = await callOf(world, sessionId, 'send_mail')
    judged.push(refusal?.reason ?? verdict)
    tookMs.push(performance.now() - from)
    // A fast machine would be over its own rate.
    await sleep(gatedApartMs)
  }
  return { judged, tookMs }
}

const inWords = (tookMs: readonly number[]): string => {
  const { p50, p99 } = percentiles(tookMs)
  return `p50 ${p50} ms, p99 ${p99} ms`
}

/** Two sessions on one partition. */
const openNeighbours = async (world: EngineWorld): Promise<[SessionId, SessionId]> => {
  const first = await world.openSession()
  for (;;) {
    const second = await world.openSession()
    if (partitionOfSession(second) === partitionOfSession(first)) return [first, second]
  }
}

const callOf = async (world: EngineWorld, sessionId: SessionId, tool: string) =>
  world.client.authorize({
    token: await world.tokenOf(sessionId),
    server: 'files',
    tool,
    arguments: { path: '/data/a' },
  })

/** @param answers what each call was answered with, as it comes */
const floodOf = async (world: EngineWorld, sessionId: SessionId, answers: string[]): Promise<void> => {
  const token = await world.tokenOf(sessionId)
  const call = { token, server: 'files', tool: 'read_file', arguments: { path: '/data/a' } }
  let left = floodCalls
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const { verdict, refusal } = await world.client.authorize(call)
      answers.push(refusal?.reason ?? verdict)
    }
  }
  await Promise.all(Array.from({ length: abreast }, caller))
}

const named = ({ scorer }: EngineWorld, sessionId: SessionId, name: string): number =>
  scorer.events.filter(
    event => event.name === name && 'sessionId' in event.value && event.value.sessionId === sessionId,
  ).length
