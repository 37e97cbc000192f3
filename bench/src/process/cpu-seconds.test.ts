import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseCpuSeconds } from './cpu-seconds.ts'

test('adds user and system time, whatever the command is called', () => {
  const stat = '4711 (node) ) R 1 4711 4711 0 -1 4194560 9000 0 0 0 1250 75 0 0 20 0 11 0 99 1 2 3'
  assert.equal(parseCpuSeconds(stat), 13.25)
})
