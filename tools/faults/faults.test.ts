import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import * as prettier from 'prettier'

import { faultPage } from './fault-page.ts'
import { proofsOf } from './proof.ts'
import { readProofs } from './read-proofs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('docs/faults.md is up to date (npm run faults)', async () => {
  const file = join(root, 'docs', 'faults.md')
  const options = await prettier.resolveConfig(file)
  const page = await prettier.format(faultPage(readProofs(root)), { ...options, filepath: file })
  assert.equal(readFileSync(file, 'utf8'), page)
})

const proved = `
/**
 * @input a body of 10 MB
 * @behaviour 413, and the connection
 *   goes
 * @counter cordon_proxy_bodies_total{cause="size"}
 */
test('a large body', () => assert.match(metrics, /cordon_proxy_bodies_total/))
`

test('a row is what the comment above a test says', () => {
  assert.deepEqual(proofsOf('a.test.ts', proved), [
    {
      kind: 'input',
      what: 'a body of 10 MB',
      behaviour: '413, and the connection goes',
      counter: 'cordon_proxy_bodies_total{cause="size"}',
      file: 'a.test.ts',
      test: 'a large body',
    },
  ])
})

test('refuses a row without behaviour, without a test, and with a counter that the test does not read', () => {
  const broken: readonly (readonly [string, RegExp])[] = [
    [proved.replace('@behaviour', '@effect'), /@input a body of 10 MB: expected @behaviour, got none/],
    [proved.replace('test(', 'describe('), /expected a test right below, got none/],
    [
      proved.replace('/cordon_proxy_bodies_total/', '/x/'),
      /expected the test to read cordon_proxy_bodies_total/,
    ],
  ]
  for (const [text, message] of broken) assert.throws(() => proofsOf('a.test.ts', text), message)
})
