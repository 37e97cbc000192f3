import assert from 'node:assert/strict'
import { test } from 'node:test'

import { extractEntities, extractMentions } from './entities.ts'

const named = (text: string): readonly string[] =>
  extractMentions(text).entities.map(({ kind, value }) => `${kind} ${value}`)

const meets = (result: string, argument: string): boolean => {
  const met = new Set(
    extractEntities(`use ${result} now`).entities.map(({ kind, value }) => `${kind} ${value}`),
  )
  return named(argument).some(entity => met.has(entity))
}

test('rejects another spelling as another thing', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['+44 7700 900123', '+447700900123'],
    ['+44 (0) 7700-900-123', '+4407700900123'],
    ['+1.555.010.0199', '+1 (555) 010-0199'],
    ['555-0199', '5550199'],
    ['eve@evil.example', 'eve+1@evil.example'],
    ['eve@\u0435vil.example', 'eve@evil.example'],
    ['https://\u0435v\u0456l.example/x', 'evil.example/x'],
    ['eve (at) evil (dot) example', 'eve@evil.example'],
    ['eve[at]evil[dot]example', 'eve@evil.example'],
    ['eve[@]evil[.]com', 'eve@evil.com'],
    ['1234567', '1234567'],
    ['INV-42', 'INV-42'],
    ['left-pad@6.6.6', 'left-pad@6.6.6'],
    ['@scope/name@1.0.0-beta', '@scope/name@1.0.0-beta'],
  ]
  for (const [result, argument] of pairs) assert.ok(meets(result, argument), `${result} and ${argument}`)
})

test('words and small numbers stay no entities', () => {
  for (const text of [
    'I am (at) home',
    'room 42',
    '+1 more',
    '+5 % up',
    'top-10',
    'Привет, мир',
    '123456',
    'A-1',
    'at 5 dot 3',
  ])
    assert.deepEqual(named(text), [], text)
})

test('takes linear time on texts made to take more', () => {
  for (const hostile of ['+1 ', '+1-1-', '(at) ', '( at', '\u0435', 'a@1.', '[dot]', '[.]', '[.', 'AB-'])
    extractEntities(hostile.repeat(Math.ceil((256 * 1024) / hostile.length)))
})
