import assert from 'node:assert/strict'
import { test } from 'node:test'

import { printable, printableLines } from './printable.ts'

const rows: readonly (readonly [what: string, text: string, printed: string])[] = [
  ['ordinary names', 'files/read_text_file  Grüße, 東京 🦊', 'files/read_text_file  Grüße, 東京 🦊'],
  ['escape sequences', '\u001B]0;pwned\u0007\u001B[2J', '�]0;pwned��[2J'],
  ['line ends and tabs', 'a\nREADY\r\tb\u0085c\u2028d\u2029e', 'a�READY��b�c�d�e'],
  ['control sequences of one character', '\u009B31mred', '�31mred'],
  ['NUL and DEL', 'a\u0000b\u007F', 'a�b�'],
  ['overrides of the direction', 'a\u202Etxt.exe\u202C\u2066b\u2069\u200F', 'a�txt.exe��b��'],
  ['what takes no place', 'a\u200Bb\u200Dc\u2060d\uFEFFe\u00ADf\u034Fg\u3164h\uFE0F', 'a�b�c�d�e�f�g�h�'],
  ['tags that nobody sees', 'a\u{E0041}', 'a�'],
  ['halves of a pair', 'a\uD83Eb', 'a�b'],
]

for (const [what, text, printed] of rows) {
  test(`prints ${what} as they may be seen`, () => assert.equal(printable(text), printed))
}

test('lines stay lines where they are meant', () => {
  assert.equal(printableLines('one\n  | \u001B[2Jtwo'), 'one\n  | �[2Jtwo')
})
