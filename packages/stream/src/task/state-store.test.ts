import assert from 'node:assert/strict'
import { test } from 'node:test'

import { StateStore } from './state-store.ts'

interface Text {
  text: string
}

const openStore = (decodedBytes: number) => {
  const decoded: string[] = []
  const decode = (value: Buffer): Text => {
    decoded.push(value.toString())
    return { text: value.toString() }
  }
  const store = new StateStore<Text>({ decode, decodedBytes })
  const put = (key: string, text: string): void => store.put(key, Buffer.from(text), { text })
  return { store, put, decoded }
}

test('a state that is checked out may be changed in place and dropped: the committed bytes stay', () => {
  const { store, put } = openStore(1000)
  put('k', 'committed')
  store.checkOut('k')!.text = 'abandoned'
  assert.deepEqual(store.checkOut('k'), { text: 'committed' })
  assert.notEqual(store.checkOut('k'), store.checkOut('k'))
})

test('states that were committed last are held decoded, within bounds', () => {
  const { store, put, decoded } = openStore(10)
  for (const key of ['a', 'b', 'c']) put(key, `${key}${'x'.repeat(4)}`)
  for (const key of ['a', 'b', 'c']) store.checkOut(key)
  assert.deepEqual(decoded, ['axxxx'])
})

test('keys come in one order, whatever the order in which they came', () => {
  const { store, put } = openStore(0)
  for (const key of ['b', 'c', 'a']) put(key, key)
  assert.deepEqual(store.sortedKeys(), ['a', 'b', 'c'])
  store.delete('b')
  put('0', '0')
  assert.deepEqual(store.sortedKeys(), ['0', 'a', 'c'])
})
