import assert from 'node:assert/strict'
import { test } from 'node:test'

import { StateStore } from './state-store.ts'

interface Text {
  text: string
}

const openStore = () => {
  const store = new StateStore<Text>(value => ({ text: value.toString() }))
  const put = (key: string, text: string): void => store.put(key, Buffer.from(text))
  return { store, put }
}

test('a state that was read may be changed in place and dropped: the committed bytes stay', () => {
  const { store, put } = openStore()
  put('k', 'committed')
  store.read('k')!.text = 'abandoned'
  assert.deepEqual(store.read('k'), { text: 'committed' })
  assert.notEqual(store.read('k'), store.read('k'))
})

test('looking at bytes that break the look says that the state is unreadable', () => {
  const { store, put } = openStore()
  put('k', 'committed')
  assert.equal(
    store.look('k', value => value.length),
    9,
  )
  const breaks = (): never => {
    throw new RangeError('past the end')
  }
  assert.throws(() => store.look('k', breaks), { code: 'STATE_UNREADABLE' })
  assert.equal(store.look('unknown', breaks), undefined)
})
