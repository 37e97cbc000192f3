import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createStderrReader } from './stderr-log.ts'

test('lets 50 lines of 10 seconds through and counts the rest', () => {
  const lines: string[] = []
  const suppressed: number[] = []
  let now = 0
  const read = createStderrReader(
    { line: text => lines.push(text), suppressed: count => suppressed.push(count) },
    () => now,
  )
  for (let line = 0; line < 80; line += 1) read(`complaint ${line}\n`)
  assert.equal(lines.length, 50)
  now = 10_000
  read('half a')
  read(' line\n\n')
  assert.deepEqual(suppressed, [30])
  assert.equal(lines.at(-1), 'half a line')
})

test('cuts a line that does not end', () => {
  const lines: string[] = []
  const read = createStderrReader({ line: text => lines.push(text), suppressed: () => undefined }, () => 0)
  read('x'.repeat(5_000))
  read('\n')
  assert.equal(lines[0]!.length, 1_000)
})
