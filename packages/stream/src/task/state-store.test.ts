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

test('keys come in one order, whatever the order in which they came', () => {
  const { store, put } = openStore()
  for (const key of ['b', 'c', 'a']) put(key, key)
  assert.deepEqual(store.sortedKeys(), ['a', 'b', 'c'])
  store.delete('b')
  put('0', '0')
  assert.deepEqual(store.sortedKeys(), ['0', 'a', 'c'])
})
