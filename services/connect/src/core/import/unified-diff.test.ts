import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { unifiedDiff } from './unified-diff.ts'

test('shows what changed with three lines around it', () => {
  const before = ['1', '2', '3', '4', '5', 'old', '7', '8', '9', '10'].join('\n')
  const after = ['1', '2', '3', '4', '5', 'new', 'more', '7', '8', '9', '10'].join('\n')
  assert.deepEqual(unifiedDiff(before, after), [
    '@@ -3,7 +3,8 @@',
    ' 3',
    ' 4',
    ' 5',
    '-old',
    '+new',
    '+more',
    ' 7',
    ' 8',
    ' 9',
  ])
})

test('the same text has no difference', () => assert.deepEqual(unifiedDiff('a\nb', 'a\nb'), []))

test('changes far from each other stand by themselves', () => {
  const before = Array.from({ length: 20 }, (_, index) => String(index))
  const after = before.with(1, 'x').with(18, 'y')
  const heads = unifiedDiff(before.join('\n'), after.join('\n')).filter(line => line.startsWith('@@'))
  assert.deepEqual(heads, ['@@ -1,5 +1,5 @@', '@@ -16,5 +16,5 @@'])
})

test('what is taken away and added makes the one text the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 })
  fc.assert(
    fc.property(text, text, (before, after) => {
      // Seven lines have one hunk at most, which the whole text is in where its ends differ.
      const hunk = unifiedDiff(['<', ...before, '>'].join('\n'), ['[', ...after, ']'].join('\n')).slice(1)
      const side = (other: string) => hunk.filter(line => !line.startsWith(other)).map(line => line.slice(1))
      assert.deepEqual(side('+'), ['<', ...before, '>'])
      assert.deepEqual(side('-'), ['[', ...after, ']'])
    }),
  )
})
