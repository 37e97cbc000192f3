import assert from 'node:assert/strict'
import { test } from 'node:test'

import { toldWishes } from './told-wishes.ts'
import { settled } from '../../session/session-fixture.ts'

/** A server that takes some at once, and is slow. */
const open = (most: number) => {
  const said: string[] = []
  const answers: (() => void)[] = []
  const wish = toldWishes<true>(most, (key, details) => {
    said.push(`${details === undefined ? '-' : '+'}${key}`)
    return new Promise<void>(resolve => answers.push(resolve))
  })
  const answer = async (): Promise<void> => {
    answers.shift()?.()
    await settled()
  }
  return { said, wish, answer }
}

test('tells in order, some at once', async () => {
  const { said, wish, answer } = open(2)
  for (const key of ['a', 'b', 'c', 'd']) wish(key, true)
  assert.deepEqual(said, ['+a', '+b'])
  await answer()
  await answer()
  assert.deepEqual(said, ['+a', '+b', '+c', '+d'])
})

test('what is taken back before it was told is not told, nor what is wanted again before that was', async () => {
  const { said, wish, answer } = open(1)
  wish('a', true)
  for (let turn = 0; turn < 10; turn += 1) {
    wish('b', true)
    wish('b')
    wish('a')
    wish('a', true)
  }
  wish('c', true)
  await answer()
  assert.deepEqual(said, ['+a', '+c'])
})

test('what is taken back while it is being told is told after that', async () => {
  const { said, wish, answer } = open(2)
  wish('a', true)
  wish('a')
  wish('b', true)
  assert.deepEqual(said, ['+a', '+b'])
  await answer()
  assert.deepEqual(said, ['+a', '+b', '-a'])
})
