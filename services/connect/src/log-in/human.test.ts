import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Human, LogIn, LogInMethod } from '../ports.ts'
import { createHuman } from './human.ts'

const idTokenOf = async (human: Human): Promise<string> => (await human.loggedIn()).idToken

const openWorld = (kept?: LogIn, logIn?: LogInMethod) => {
  const world = {
    now: 0,
    lastLogOut: 'first',
    kept,
    logIns: 0,
    told: [] as string[],
    look: (): void => undefined,
  }
  const human = createHuman({
    store: {
      read: () => Promise.resolve(world.kept),
      write: (logIn, since) => {
        if (since !== world.lastLogOut) return Promise.reject(new Error('logged out'))
        world.kept = logIn
        return Promise.resolve()
      },
      lastLogOut: () => Promise.resolve(world.lastLogOut),
      clear: () => {
        world.kept = undefined
        return Promise.resolve()
      },
      logOut: () => assert.fail('no log-out of its own'),
    },
    logIn: (tell, signal) => {
      world.logIns += 1
      tell('Sign in.')
      return (
        logIn?.(tell, signal) ??
        Promise.resolve({ idToken: `token-${world.logIns}`, expiresAt: world.now + 3_600_000 })
      )
    },
    now: () => world.now,
    tell: notice => void world.told.push(notice),
    wait: () =>
      new Promise<void>(resolve => {
        world.look = resolve
      }),
  })
  return { world, human }
}

test('asks once for all who wait, and not again while the token is good', async () => {
  const { world, human } = openWorld()
  assert.deepEqual(await Promise.all([idTokenOf(human), idTokenOf(human)]), ['token-1', 'token-1'])
  world.now = 3_569_999
  assert.equal(await idTokenOf(human), 'token-1')
  world.now = 3_570_000
  assert.equal(await idTokenOf(human), 'token-2')
})

test('takes what another process has kept', async () => {
  const { world, human } = openWorld({ idToken: 'kept', expiresAt: 100_000 })
  assert.equal(await idTokenOf(human), 'kept')
  assert.equal(world.logIns, 0)
})

test('goes on with what another process is given while it waits for the human, who is asked no more', async () => {
  let asked: AbortSignal | undefined
  const { world, human } = openWorld(undefined, (_tell, signal) => {
    asked = signal
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const waiting = idTokenOf(human)
  const looked = async (): Promise<void> => {
    await new Promise(setImmediate)
    world.look()
  }
  await looked()
  await looked()
  assert.deepEqual([human.notice, asked?.aborted], ['Sign in.', false])
  world.kept = { idToken: 'theirs', expiresAt: 100_000 }
  await looked()
  assert.equal(await waiting, 'theirs')
  assert.deepEqual([asked?.aborted, human.notice, world.told.length], [true, undefined, 2])
  assert.equal(await idTokenOf(human), 'theirs')
})

test('what was kept and is gone is not used any more: another process logged out', async () => {
  const { world, human } = openWorld({ idToken: 'kept', expiresAt: 100_000 })
  assert.equal(await idTokenOf(human), 'kept')
  world.kept = undefined
  assert.equal(await idTokenOf(human), 'token-1')
})

test('asks the human who wants to log in, whatever is kept', async () => {
  const { world, human } = openWorld({ idToken: 'kept', expiresAt: 100_000 })
  await human.logIn()
  assert.deepEqual([world.logIns, world.kept?.idToken, await idTokenOf(human)], [1, 'token-1', 'token-1'])
})

test('asks anew for a token that identity refused, but forgets no newer one', async () => {
  const { world, human } = openWorld({ idToken: 'kept', expiresAt: 100_000 })
  await idTokenOf(human)
  await human.forget('older')
  assert.equal(await idTokenOf(human), 'kept')
  await human.forget('kept', 'expected a role, got none')
  assert.equal(await idTokenOf(human), 'token-1')
  assert.equal(world.logIns, 1)
  // Why it is asked for again: else the human would do the same as before.
  assert.deepEqual(world.told, ['Sign in. (identity refused the log-in before: expected a role, got none)'])
  world.now = 7_200_000
  await idTokenOf(human)
  assert.equal(world.told.at(-1), 'Sign in.')
})

for (const [what, logInOf] of [
  ['that a request needs', (human: Human) => human.loggedIn()],
  ['that the human asked for', (human: Human) => human.logIn()],
] as const)
  test(`a log-in ${what} is not kept where the human logs out before it is done`, async () => {
    const asked = Promise.withResolvers<LogIn>()
    const begun = Promise.withResolvers<void>()
    const { world, human } = openWorld(undefined, () => {
      begun.resolve()
      return asked.promise
    })
    const loggedIn = logInOf(human)
    await begun.promise
    world.lastLogOut = 'second'
    asked.resolve({ idToken: 'token', expiresAt: 3_600_000 })
    await assert.rejects(loggedIn, /logged out/)
    assert.equal(world.kept, undefined)
  })
