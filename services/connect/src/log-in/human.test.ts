import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Human, LogIn } from '../ports.ts'
import { createHuman } from './human.ts'

const openWorld = (kept?: LogIn) => {
  const world = { now: 0, kept, logIns: 0 }
  const human = createHuman({
    store: {
      read: () => Promise.resolve(world.kept),
      write: logIn => {
        world.kept = logIn
        return Promise.resolve()
      },
      clear: () => {
        world.kept = undefined
        return Promise.resolve()
      },
    },
    logIn: tell => {
      world.logIns += 1
      tell('Sign in.')
      return Promise.resolve({ idToken: `token-${world.logIns}`, expiresAt: world.now + 3_600_000 })
    },
    now: () => world.now,
    tell: () => undefined,
  })
  return { world, human }
}

const idTokenOf = async (human: Human): Promise<string> => (await human.loggedIn()).idToken

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
  await human.forget('kept')
  assert.equal(await idTokenOf(human), 'token-1')
  assert.equal(world.logIns, 1)
})
