import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hostName } from './host-name.ts'

test('the host of an origin, without its port', () => {
  assert.equal(hostName('http://LocalHost:8080'), 'localhost')
  assert.equal(hostName('https://proxy.example'), 'proxy.example')
  assert.equal(hostName('http://[::1]:1'), '[::1]')
})

test('rejects what could be read as two hosts', () => {
  for (const text of [
    'null',
    '',
    'http://',
    'http://localhost@evil.example',
    'http://localhost:80:90',
    'file:///etc',
  ])
    assert.equal(hostName(text), undefined)
  assert.equal(hostName('http://localhost/evil.example'), undefined)
  assert.equal(hostName('http://localhost\nevil.example'), undefined)
})
