import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { unknownMetrics } from './named-metrics.ts'
import { metricPage } from './page.ts'
import { readMetrics } from './read-metrics.ts'
import { readRepository } from './read-repository.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const path = 'services/engine/src/metrics.ts'

const source = `
export const metrics = (telemetry: Telemetry) => {
  telemetry.gauge({ name: 'open_connections', help: 'Who is connected.', read: () => 1 })
  return {
    refused: telemetry.counter({
      name: 'calls_refused_total',
      help: 'Calls that may not be forwarded | by reason.',
      labels: { reason: refusalReasons, mode: ['a'] },
    }),
    waited: telemetry.histogram({ name: 'gate_wait_seconds', help: 'How long.' }),
    another: counter({ name: 'no metric of a telemetry' }),
    theirs: registry.counter({ name: 'theirs_total', help: 'Another library’s.' }),
  }
}`

test('docs/metrics.md has the metrics of the services and no others, and no text names one that there is not (npm run metrics)', () => {
  const { page, problems } = readRepository(root)
  assert.deepEqual(problems, [])
  assert.equal(readFileSync(join(root, 'docs/metrics.md'), 'utf8'), page)
})

test('a declaration becomes a row, by service and name', () => {
  const metrics = readMetrics(path, source)
  const page = metricPage([
    ...readMetrics('services/scorer/src/events.ts', "telemetry.counter({ name: 'a_total', help: 'A.' })"),
    ...metrics,
  ])
  assert.deepEqual(
    page.split('\n').filter(line => /^(##|\| `)/.test(line)),
    [
      '## Engine',
      '| `cordon_engine_calls_refused_total` | counter | `reason`, `mode` | Calls that may not be forwarded \\| by reason. |',
      '| `cordon_engine_gate_wait_seconds` | histogram |  | How long. |',
      '| `cordon_engine_open_connections` | gauge |  | Who is connected. |',
      '## Scorer',
      '| `cordon_scorer_a_total` | counter |  | A. |',
    ],
  )
})

test('refuses a declaration that says nothing before it is run: the page would not have it', () => {
  const refused = (declaration: string): string => {
    try {
      readMetrics(path, declaration)
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  assert.equal(
    refused('telemetry.counter(spec)'),
    `${path}:1: expected a metric that is declared in place, got Identifier`,
  )
  assert.equal(
    refused("telemetry.counter({ name, help: 'A.' })"),
    `${path}:1: name: expected a text that stands there, got Identifier`,
  )
  assert.equal(
    refused("\ntelemetry.counter({ name: 'a_total' })"),
    `${path}:2: help: expected a text that stands there, got none`,
  )
  assert.match(
    refused("telemetry.gauge({ name: 'a', help: 'A.', labels })"),
    /labels: expected .*, got Identifier/,
  )
})

test('a text may name what a service declares, whole or short, and nothing else', () => {
  const declared = new Set(readMetrics(path, source).map(({ name }) => name))
  const unknown = (text: string, of = 'docs/a.md'): readonly string[] =>
    unknownMetrics({ path: of, text }, declared).map(problem => problem.split(', got ')[1]!)
  assert.deepEqual(
    unknown(
      'cordon_engine_calls_refused_total{reason="A"}, `cordon_engine_gate_wait_seconds_bucket`, `calls_refused_total`, `gate_wait_seconds`',
    ),
    [],
  )
  assert.deepEqual(
    unknown('cordon_engine_lies_total and cordon_scorer_calls_refused_total, `lies_total{a="b"}`'),
    ['cordon_engine_lies_total', 'cordon_scorer_calls_refused_total', 'lies_total'],
  )
  assert.deepEqual(unknown('`calls_refused_total`', 'services/scorer/README.md'), ['calls_refused_total'])
  assert.deepEqual(unknown('`calls_refused_total`', 'services/engine/README.md'), [])
})
