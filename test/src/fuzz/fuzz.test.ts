import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fuzz } from './fuzz.ts'
import { loadTarget, targetFiles } from './target.ts'

const secondsEach = 1
const inputsEach = 200

for (const name of targetFiles.keys()) {
  test(`${name} takes any bytes (npm run fuzz -- ${name})`, async () => {
    const { finding, inputs, kept } = fuzz(await loadTarget(name), secondsEach, 1, inputsEach)
    assert.equal(finding, undefined, `${String(finding?.error)}: ${finding?.input.toString('base64')}`)
    assert.ok(inputs >= inputsEach, `expected ${inputsEach} inputs, got ${inputs}`)
    assert.ok(kept > 0, 'expected an input that reaches what the seeds do not, got none')
  })
}

test('finds what hides behind branches, and leaves out what it does not take', () => {
  const { finding } = fuzz(
    {
      seeds: [Buffer.from('{"method":"ping","params":{"a":[1,2,3]}}')],
      run(bytes) {
        if (bytes.includes('__proto__')) throw new Error('found')
      },
    },
    30,
    7,
  )
  assert.equal(finding?.input.toString(), '__proto__')
})
