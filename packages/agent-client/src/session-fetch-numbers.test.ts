import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import { replayWindowSize } from '@cordon/tokens'

import { maxUnsettled } from './call-sequence.ts'
import { openFetchWorld, readFile, sequences, verdicts } from './fixtures/fetch-world.ts'
import { handTiming } from './fixtures/hand-timing.ts'
import { sessionFetch } from './session-fetch.ts'

/**
 * @fault the proxy cannot be reached when an agent calls
 * @behaviour the call fails; its number goes to the next call, so that none seems to be hidden
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('a call that never left leaves no gap', async t => {
  let isDown = false
  const unreachable = createServer()
  await new Promise<void>(resolve => unreachable.listen(0, '127.0.0.1', resolve))
  const { port } = unreachable.address() as AddressInfo
  await new Promise(resolve => unreachable.close(resolve))
  const { cordon, files, url } = await openFetchWorld(t, {
    fetch: (input, init) => fetch(isDown ? `http://127.0.0.1:${port}/` : input, init),
  })
  await files(url, readFile)
  isDown = true
  await assert.rejects(files(url, readFile), TypeError)
  isDown = false
  await files(url, readFile)
  assert.deepEqual(sequences(cordon), [0, 0, 1])
})

/**
 * @fault no engine can be asked when an agent calls
 * @behaviour the same call is proved anew with the lowest number that is free, up to four times in some 3 s; then it is refused, and its number goes to the next call, so that none seems to be hidden
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('a call that no engine counted leaves no gap', async t => {
  const timing = handTiming(Date.now())
  const { cordon, files, url } = await openFetchWorld(t, { timing })
  await files(url, readFile)
  cordon.uncountedReason = 'ENGINE_UNAVAILABLE'
  const refused = await Promise.all([files(url, readFile), files(url, readFile)])
  for (const response of refused)
    assert.deepEqual(await response.json(), { jsonrpc: '2.0', id: 1, result: { isError: true } })
  assert.deepEqual(
    timing.waited.toSorted((a, b) => a - b),
    [250, 250, 1000, 1000, 2000, 2000],
  )
  cordon.uncountedReason = undefined
  const before = cordon.proxyRequests.length
  for (let call = 0; call < 3; call += 1) await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(before), [1, 2, 3])
  assert.deepEqual(verdicts(cordon).slice(before), ['ok', 'ok', 'ok'])
})

test('an engine that comes back in time gets the call that waited for it', async t => {
  const timing = handTiming(Date.now())
  const { cordon, files, url } = await openFetchWorld(t, {
    timing: {
      ...timing,
      wait: () => {
        cordon.uncountedReason = undefined
        return Promise.resolve()
      },
    },
  })
  await files(url, readFile)
  cordon.uncountedReason = 'ENGINE_UNAVAILABLE'
  assert.deepEqual(await (await files(url, readFile)).json(), { jsonrpc: '2.0', id: 1, result: {} })
  assert.deepEqual(verdicts(cordon).slice(2), ['UNCOUNTED', 'ok'])
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
  const ids = cordon.proxyRequests.map(({ proof }) => proof['jti'])
  assert.equal(new Set(ids).size, ids.length)
})

/**
 * @fault an agent makes more calls side by side than its rate allows, and makes no other afterwards
 * @behaviour what was refused on no record is proved anew, up to six times in some 16 s, and on while a number would be missing otherwise, each time with the lowest number that is free; then it is refused, and its number goes to the next call
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('a call above the rate that is on no record is tried again, and then leaves no gap', async t => {
  const timing = handTiming(Date.now())
  const { cordon, files, url } = await openFetchWorld(t, { timing })
  await files(url, readFile)
  cordon.uncountedReason = 'RATE_LIMITED'
  assert.deepEqual(await (await files(url, readFile)).json(), {
    jsonrpc: '2.0',
    id: 1,
    result: { isError: true },
  })
  assert.deepEqual(timing.waited, [250, 500, 1000, 2000, 4000, 8000])
  cordon.uncountedReason = undefined
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(2), Array(8).fill(1))
})

test('a call above the rate does not give up while its number would be missing', async t => {
  const timing = handTiming(Date.now())
  let others = 0
  const { cordon, session, files, url } = await openFetchWorld(t, {
    timing: {
      ...timing,
      wait: async ms => {
        await timing.wait(ms)
        if (timing.waited.length === 8) cordon.uncountedReason = undefined
      },
    },
    fetch: async (input, init) => {
      // Another call, which counts, has the number after its own.
      for (; others > 0; others -= 1)
        session.sequences.call.settle(await session.sequences.call.take(), 'used')
      return fetch(input, init)
    },
  })
  await files(url, readFile)
  cordon.uncountedReason = 'RATE_LIMITED'
  others = 1
  assert.deepEqual(await (await files(url, readFile)).json(), { jsonrpc: '2.0', id: 1, result: {} })
  assert.deepEqual(timing.waited, [250, 500, 1000, 2000, 4000, 8000, 4000, 4000])
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(2), [...Array<number>(9).fill(1), 3])
})

test('calls side by side wait their turn, over all fetches of a session; a body that stays open holds up none', async t => {
  const { cordon, session, files, url } = await openFetchWorld(t)
  const mail = sessionFetch(session, 'mail')
  const mailUrl = url.replace('files', 'mail')
  const waiting = new Set<() => void>()
  let most = 0
  cordon.forward = (_request, response) => {
    waiting.add(() => response.write(' '))
    most = Math.max(most, waiting.size)
    if (waiting.size < maxUnsettled) return
    // Time for others to come, if any could.
    setTimeout(() => {
      for (const begin of waiting) begin()
      waiting.clear()
    }, 50)
  }
  const calls = Array.from({ length: 2 * maxUnsettled }, (_, call) =>
    call % 2 === 0 ? files(url, readFile) : mail(mailUrl, readFile),
  )
  const gone = new AbortController()
  const left = files(url, { ...readFile, signal: gone.signal })
  gone.abort()
  await assert.rejects(left, { name: 'AbortError' })
  for (const response of await Promise.all(calls)) assert.equal(response.status, 200)
  assert.equal(most, maxUnsettled)
  assert.deepEqual(
    cordon.proxyRequests
      .flatMap(({ proof, verdict }) => (verdict.ok ? [Number(proof['seq'])] : []))
      .toSorted((a, b) => a - b),
    Array.from({ length: 2 * maxUnsettled }, (_, number) => number),
  )
})

test('a request whose answer never begins holds up others no longer than its proof could be taken', async t => {
  const timing = handTiming(Date.now())
  const { cordon, session, files, url } = await openFetchWorld(t, { timing })
  cordon.now = () => timing.now()
  const sleeping = timing.asleep()
  await files(url, readFile)
  assert.equal(timing.asleep(), sleeping)
  const answers: (() => void)[] = []
  const { forward } = cordon
  const isSilent = new Promise<void>(resolve => {
    cordon.forward = (_request, response) => {
      answers.push(() => response.writeHead(200, { 'cordon-call-uncounted': 'RATE_LIMITED' }).end())
      resolve()
    }
  })
  const silent = files(url, readFile)
  await isSilent
  assert.equal(timing.asleep(), sleeping + 1)
  cordon.forward = forward
  const { call } = session.sequences
  for (let number = 2; number <= replayWindowSize; number += 1) call.settle(await call.take(), 'used')
  const next = files(url, readFile)
  await timing.advance(120_000)
  assert.equal((await next).status, 200)
  // Too late to be another call's.
  for (const answer of answers) answer()
  await silent
  assert.equal(timing.asleep(), sleeping)
  assert.equal(sequences(cordon).filter(number => number === 1).length, 1)
})

test('one that is asked for another nonce only then is not sent again with its number', async t => {
  const timing = handTiming(Date.now())
  const { cordon, files, url } = await openFetchWorld(t, { timing })
  cordon.now = () => timing.now()
  await files(url, readFile)
  const { forward } = cordon
  cordon.forward = (_request, response) => {
    cordon.forward = forward
    void timing.advance(120_000).then(() => {
      response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }).end()
    })
  }
  assert.equal((await files(url, readFile)).status, 401)
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(2), [1, 2])
})

test('a call that waits for its rate leaves its number to one that is made meanwhile', async t => {
  const timing = handTiming(Date.now())
  const world = await openFetchWorld(t, {
    timing: {
      ...timing,
      wait: async () => {
        cordon.uncountedReason = undefined
        await files(url, readFile)
      },
    },
  })
  const { cordon, files, url } = world
  await files(url, readFile)
  cordon.uncountedReason = 'RATE_LIMITED'
  assert.deepEqual(await (await files(url, readFile)).json(), { jsonrpc: '2.0', id: 1, result: {} })
  assert.deepEqual(verdicts(cordon).slice(2), ['UNCOUNTED', 'ok', 'ok'])
  assert.deepEqual(sequences(cordon).slice(2), [1, 1, 2])
})

test('a client that leaves while its call waits for the rate is not kept, and no number is missing', async t => {
  const leave = new AbortController()
  const { cordon, files, url } = await openFetchWorld(t, {
    timing: {
      ...handTiming(Date.now()),
      wait: (_ms, signal) =>
        new Promise(resolve => {
          signal?.addEventListener('abort', () => resolve())
          leave.abort()
        }),
    },
  })
  await files(url, readFile)
  cordon.uncountedReason = 'RATE_LIMITED'
  await assert.rejects(files(url, { ...readFile, signal: leave.signal }), { name: 'AbortError' })
  cordon.uncountedReason = undefined
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
})

test('what would be refused again is sent once, and its number goes to the next call', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  cordon.uncountedReason = 'ARGUMENTS_INVALID'
  await files(url, readFile)
  cordon.uncountedReason = undefined
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
})

test('a call that an engine refused after it counted it keeps its number', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  const { forward } = cordon
  cordon.forward = (_request, response) => response.end('{"jsonrpc":"2.0","id":1,"result":{"isError":true}}')
  await files(url, readFile)
  cordon.forward = forward
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(2), [1, 2])
})

test('a call that was cut off keeps its number: it may have been done', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  const { forward } = cordon
  cordon.forward = request => request.socket.destroy()
  await assert.rejects(files(url, readFile), TypeError)
  cordon.forward = forward
  await files(url, readFile)
  assert.deepEqual(sequences(cordon), [0, 0, 1, 2])
})

test('so does one whose connection is told after a while that its other end cannot be reached', async t => {
  let isCut = false
  const { cordon, files, url } = await openFetchWorld(t, {
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      if (!isCut) return response
      const cause = Object.assign(new Error('read'), { code: 'EHOSTUNREACH', syscall: 'read' })
      throw new TypeError('fetch failed', { cause })
    },
  })
  await files(url, readFile)
  isCut = true
  await assert.rejects(files(url, readFile), TypeError)
  isCut = false
  await files(url, readFile)
  assert.deepEqual(sequences(cordon), [0, 0, 1, 2])
})
