import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'

import { ask } from './ask.ts'

const asked = (typed: string) => {
  const input = new PassThrough()
  const editor = new PassThrough()
  const answer = ask('Write this? ', { input, editor })
  input.write(typed)
  return { input, answer, shown: () => String(editor.read()) }
}

test('what is typed is the answer', async () => {
  const { answer, shown } = asked('yes\r')
  assert.equal(await answer, 'yes')
  assert.match(shown(), /Write this\? /)
})

for (const [key, typed] of [
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
] as const) {
  test(`a question that is left with ${key} changes nothing, and says so on a line of its own`, async () => {
    const { answer, shown } = asked(typed)
    await assert.rejects(answer, { code: 'UNANSWERED', message: 'Nothing was changed.' })
    assert.match(shown(), /\n$/)
  })
}

test('a question whose input ends is left', async () => {
  const { input, answer } = asked('ye')
  input.end()
  await assert.rejects(answer, { code: 'UNANSWERED' })
})
