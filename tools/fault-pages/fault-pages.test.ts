import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { claimProblems } from './check-claims.ts'
import { faultPage } from './page.ts'
import { readClaims } from './read-claims.ts'
import { readRepository } from './read-repository.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const stale = [
  '/**',
  ' * @fault the scorer is dead',
  ' * @behaviour sensitive calls are denied (`SESSION_STALE`),',
  ' *   low reads pass',
  ' * @counter cordon_engine_calls_refused_total{reason="SESSION_STALE"}',
  ' */',
  "test('a scorer that is dead', () => count('cordon_engine_calls_refused_total'))",
].join('\n')

const declared = new Set([
  'cordon_engine_calls_refused_total',
  'cordon_engine_gate_wait_seconds',
  'cordon_scorer_starts_total',
])

const problemsOf = (...texts: string[]): string[] =>
  claimProblems(
    texts.map((text, index) => readClaims(`test/src/${index}.test.ts`, text)),
    declared,
  )

test('docs/faults.md says what the tests prove (npm run faults)', () => {
  const { page, problems } = readRepository(root)
  assert.deepEqual(problems, [])
  assert.equal(readFileSync(join(root, 'docs/faults.md'), 'utf8'), page)
})

test('a comment above a test becomes a row', () => {
  const { claims } = readClaims('test/src/0.test.ts', stale)
  assert.deepEqual(problemsOf(stale), [])
  assert.ok(
    faultPage(claims).includes(
      '| the scorer is dead | sensitive calls are denied (`SESSION_STALE`), low reads pass |' +
        ' `cordon_engine_calls_refused_total{reason="SESSION_STALE"}` |' +
        ' [a scorer that is dead](../test/src/0.test.ts) |',
    ),
  )
})

test('the page begins with how many there are, and where', () => {
  const input = stale.replace('@fault the scorer is dead', '@input a body that is none')
  const claims = [
    ['services/engine/src/core/a.test.ts', stale],
    ['test/src/engine/b.test.ts', input],
    ['test/src/proxy/c.test.ts', stale],
  ].flatMap(([path = '', text = '']) => readClaims(path, text).claims)
  const page = faultPage(claims)
  assert.ok(
    page.includes(
      [
        '| [Proxy](#proxy) | MCP of both generations: agents in front, tool servers behind | 1 | 0 |',
        '| [Engine](#engine) | what is asked of each call, and its record | 1 | 1 |',
        '|  | in all | 2 | 1 |',
      ].join('\n'),
    ),
    page,
  )
  const [, engine = ''] = page.split('\n## Engine\n')
  assert.deepEqual(engine.match(/\| what (breaks|comes in) \|/g), ['| what breaks |', '| what comes in |'])
})

test('a test of the whole stack stands where its fault is, the others of its folder where they are', () => {
  const claims = ['hostile-records', 'unfit-topics'].flatMap(
    name => readClaims(`test/src/infra/${name}.test.ts`, stale).claims,
  )
  const [, log = '', start = ''] = faultPage(claims).split(/\n## (?:Log|Start)\n/)
  assert.match(log, /hostile-records\.test\.ts/)
  assert.match(start, /unfit-topics\.test\.ts/)
})

test('what is said of all rows of a place stands before them', () => {
  const { claims } = readClaims('test/src/fail-safe/a.test.ts', stale)
  assert.match(faultPage(claims), /\n## A part gone\n\nThe rows .* `cordon up` .*\n\n\| what breaks /)
})

test('names that a run completes are shown with a gap', () => {
  const { claims } = readClaims(
    'a.test.ts',
    stale.replace("'a scorer that is dead'", '`a scorer that ${ends}`'),
  )
  assert.equal(claims[0]?.testName, 'a scorer that …')
})

const without = (tag: string): string =>
  stale
    .split('\n')
    .filter(line => !line.includes(`@${tag}`))
    .join('\n')

test('refuses half comments', () => {
  for (const [text, got] of [
    [without('fault'), 'neither @fault nor @input'],
    [without('counter'), 'no @counter'],
    [stale.replace('@counter', '@fault'), '@fault twice'],
    [stale.replace(' */', ' * @input a body\n */'), '@fault and @input'],
    [stale.replace('test(', 'const x = 1\ntest('), 'a comment that is not directly above a test'],
  ] as const)
    assert.deepEqual(
      problemsOf(text).map(problem => problem.split(', got ')[1]),
      [got],
    )
})

test('refuses a counter that nobody declares, that the test does not assert, or that is none', () => {
  const counter = (name: string): string[] => problemsOf(stale.replace(/@counter .*/, `@counter ${name}`))
  assert.deepEqual(counter('cordon_engine_lies_total'), [
    'test/src/0.test.ts:7: expected a metric of a service, got cordon_engine_lies_total',
  ])
  assert.deepEqual(counter('cordon_scorer_calls_refused_total'), [
    'test/src/0.test.ts:7: expected a metric of a service, got cordon_scorer_calls_refused_total',
  ])
  for (const shared of ['cordon_engine_gate_wait_seconds_count', 'cordon_scorer_starts_total'])
    assert.deepEqual(counter(shared), [
      `test/src/0.test.ts:7: expected this test to assert ${shared}, got no mention of it`,
    ])
  assert.deepEqual(counter('a log line'), [
    'test/src/0.test.ts:7: expected one series such as cordon_engine_calls_refused_total, got a log line',
  ])
  assert.deepEqual(counter('none: it does not start'), [])
})

test('a comment that mentions the counter asserts nothing', () => {
  const commented = stale.replace(/count\('.*'\)/, '/* cordon_engine_calls_refused_total */ 1')
  assert.match(problemsOf(commented)[0] ?? '', /got no mention of it$/)
})

test('another test of the file asserts nothing for this one; what this one calls or is looped over does', () => {
  const bare = stale.replace(/, \(\) => count.*/, ', () => 1)')
  const other = "\ntest('other', () => count('cordon_engine_calls_refused_total'))"
  assert.match(problemsOf(bare + other)[0] ?? '', /expected this test to assert .* got no mention of it$/)
  const called = bare.replace('() => 1', '() => look()')
  const helpers = "\nconst series = 'cordon_engine_calls_refused_total'\nconst look = () => count(series)"
  assert.deepEqual(problemsOf(called + helpers), [])
  const looped = bare.replace('test(', '{\n').replace(/\{\n.*/, '')
  const table = "const rows = ['cordon_engine_calls_refused_total']\nfor (const row of rows) {\n"
  assert.deepEqual(problemsOf(`${table}${looped}test('a scorer', () => count(row))\n}`), [])
})

test('refuses the same row twice', () => {
  assert.deepEqual(problemsOf(stale, stale), [
    'test/src/1.test.ts:7: expected one test per row, got “the scorer is dead” in test/src/0.test.ts:7 already',
  ])
})
