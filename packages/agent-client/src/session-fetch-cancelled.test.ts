import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { maxUnsettled } from './call-sequence.ts'
import { openFetchWorld, readFile } from './fixtures/fetch-world.ts'
import { handTiming } from './fixtures/hand-timing.ts'

const aborted = { name: 'AbortError' }

/** What clients up to 2025-11-25 do where a call is cancelled or takes too long, and all that they do. */
const cancel = (requestId: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers,
  body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }),
})

const call = (id: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers,
  body: JSON.stringify({ ...(JSON.parse(readFile.body as string) as object), id }),
})

/** What came, by its method or the id of a call; of refusals too. */
const came = (requests: readonly { readonly body: string }[]): unknown[] =>
  requests.map(({ body }) => {
    const { id, method } = JSON.parse(body) as { id?: unknown; method: string }
    return method === 'tools/call' ? id : method
  })

/** A world with calls above the rate, whose waits end when they are told to. */
const openWaitingWorld = async (t: TestContext) => {
  const waiting: (() => void)[] = []
  let see: () => void = () => undefined
  const world = await openFetchWorld(t, {
    timing: {
      ...handTiming(Date.now()),
      wait: (_ms, signal) =>
        new Promise(resolve => {
          waiting.push(resolve)
          signal?.addEventListener('abort', () => resolve())
          see()
        }),
    },
  })
  const { cordon, files, url } = world
  await files(url, readFile)
  cordon.uncountedReason = 'RATE_LIMITED'
  return {
    ...world,
    before: cordon.proxyRequests.length,
    /** As soon as so many calls wait for their rate. */
    wait: async (count: number): Promise<void> => {
      while (waiting.length < count)
        await new Promise<void>(resolve => {
          see = resolve
        })
    },
    go: (): void => {
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}

/**
 * @fault a call is cancelled, or times out at its client, while it waits for its rate
 * @behaviour it is not sent any more, and its number goes to the next call; the server is told of it as of any other
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('a call that is cancelled while it waits for its rate is not carried out afterwards', async t => {
  const { cordon, files, url, wait, before } = await openWaitingWorld(t)
  const refused = assert.rejects(files(url, call(7)), aborted)
  await wait(1)
  cordon.uncountedReason = undefined
  await files(url, cancel(7))
  await refused
  assert.equal((await files(url, call(8))).status, 200)
  const then = cordon.proxyRequests.slice(before)
  assert.deepEqual(came(then), [7, 'notifications/cancelled', 8])
  assert.deepEqual([then[0]?.proof['seq'], then[2]?.proof['seq']], [1, 1])
})

test('nor is one that is cancelled while it waits for a number', async t => {
  const { cordon, session, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  const taken: number[] = []
  for (let number = 0; number < maxUnsettled; number += 1) taken.push(await session.sequences.call.take())
  const before = cordon.proxyRequests.length
  const refused = assert.rejects(files(url, call('a')), aborted)
  await files(url, cancel('a'))
  await refused
  for (const number of taken) session.sequences.call.settle(number, 'used')
  await files(url, call('b'))
  assert.deepEqual(came(cordon.proxyRequests.slice(before)), ['notifications/cancelled', 'b'])
})

test('nor is one that is cancelled while its token is replaced, and its number goes to the next call', async t => {
  const renewal = Promise.withResolvers<undefined>()
  const asked = Promise.withResolvers<undefined>()
  let isHeld = false
  const { cordon, session, files, url } = await openFetchWorld(t, {
    fetch: async (input, init) => {
      if (isHeld && input === `${session.proxyUrl}/token`) {
        asked.resolve(undefined)
        await renewal.promise
      }
      return fetch(input, init)
    },
  })
  await files(url, readFile)
  const before = cordon.proxyRequests.length
  cordon.refusedTokens.add('token-1-for-files')
  isHeld = true
  const refused = assert.rejects(files(url, call(7)), aborted)
  await asked.promise
  const told = files(url, cancel(7))
  renewal.resolve(undefined)
  await Promise.all([refused, told])
  await files(url, call(8))
  const then = cordon.proxyRequests.slice(before).filter(({ body }) => body.includes('tools/call'))
  assert.deepEqual(came(then), [7, 8])
  assert.deepEqual(
    then.map(({ proof }) => proof['seq']),
    [1, 1],
  )
})

test('one that is under way goes on, and is not sent again where it is refused then', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  const { forward } = cordon
  for (const headers of [{}, { 'cordon-call-uncounted': 'RATE_LIMITED' }]) {
    const before = cordon.proxyRequests.length
    const underWay = new Promise<() => void>(resolve => {
      cordon.forward = (_request, response) => {
        cordon.forward = forward
        resolve(() => response.writeHead(200, headers).end())
      }
    })
    const called = files(url, call(7)).then(
      ({ status }) => status,
      (error: Error) => error.name,
    )
    const answer = await underWay
    await files(url, cancel(7))
    answer()
    assert.equal(await called, 'cordon-call-uncounted' in headers ? 'AbortError' : 200)
    assert.deepEqual(came(cordon.proxyRequests.slice(before)), [7, 'notifications/cancelled'])
  }
})

test('what is cancelled is the open call of that client: not one of the same id before, afterwards, of another client or of another type', async t => {
  const { cordon, files, url, wait, go, before } = await openWaitingWorld(t)
  const [one, other] = [{ 'mcp-session-id': 'one' }, { 'mcp-session-id': 'other' }]
  const calls = [call(1, one), call(1, other), call('1', one), call(1), call(1), call(2)]
  const answers = calls.map(async init => files(url, init).then(() => 'answered', cancelledOr))
  await wait(calls.length)
  cordon.uncountedReason = undefined
  // Whose it is of the two without a session nobody knows; and nobody has 3.
  for (const init of [cancel(1, one), cancel(1), cancel(3), cancel(undefined)]) await files(url, init)
  go()
  assert.deepEqual(await Promise.all(answers), ['cancelled', ...Array<string>(5).fill('answered')])
  await files(url, cancel(2))
  assert.equal((await files(url, call(2))).status, 200)
  assert.equal((await files(url, call(1, one))).status, 200)
  assert.equal(came(cordon.proxyRequests.slice(before)).filter(id => id === 1).length, 4 + 3 + 1)
})

test('an answer to what the server asked has an id of the server’s: it is nobody’s to cancel', async t => {
  const { cordon, files, url, wait, go } = await openWaitingWorld(t)
  const answer = files(url, { method: 'POST', body: '{"jsonrpc":"2.0","id":4,"result":{}}' })
  await wait(1)
  cordon.uncountedReason = undefined
  await files(url, cancel(4))
  go()
  assert.equal((await answer).status, 200)
})

const cancelledOr = (error: Error): string => (error.name === 'AbortError' ? 'cancelled' : error.message)
