import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkFile } from './check-file.ts'
import { parseSource } from './source-file.ts'
import type { Violation } from './violation.ts'
import { violationTexts } from './violation.ts'
import type { Monorepo, Workspace } from './workspace.ts'

const workspace = (name: string, folder: string, dependencies: readonly string[]): Workspace => ({
  name: `@cordon/${name}`,
  folder,
  layer: folder.split('/')[0] as Workspace['layer'],
  dependencies: new Set(dependencies),
  exports: new Set(['.']),
})

const monorepo: Monorepo = {
  workspaces: [
    workspace('schemas', 'schemas', ['@cordon/foundation']),
    workspace('foundation', 'packages/foundation', []),
    workspace('stream', 'packages/stream', ['@cordon/schemas', '@cordon/engine', 'kafkajs']),
    workspace('engine', 'services/engine', [
      '@cordon/foundation',
      '@cordon/stream',
      '@cordon/proxy',
      'zod',
      'kafkajs',
    ]),
    workspace('proxy', 'services/proxy', []),
    workspace('cli', 'cli', ['@cordon/engine', '@cordon/bench']),
    workspace('bench', 'bench', []),
  ],
  developmentTools: new Set(['fast-check']),
}

const check = (path: string, text: string): Violation[] => checkFile(parseSource(path, text), monorepo)

/** What is wrong, as `line: got`. */
const problems = (path: string, text: string): string[] =>
  check(path, text).map(({ line, got }) => `${line}: ${got}`)

test('says file, line, what stands there, the rule and what to do', () => {
  const violations = check('services/engine/src/main.ts', "\nimport { x } from '@cordon/proxy'\n")
  assert.deepEqual(violationTexts(violations), [
    [
      'services/engine/src/main.ts:2',
      '  got      @cordon/proxy, of services',
      '  rule     services may import schemas, packages',
      '  instead  let services meet through topics, HTTP, the engine socket or schemas; code that both need is a package',
    ].join('\n'),
  ])
})

test('tells what is wrong in many places once', () => {
  const [text, ...more] = violationTexts([
    ...check('services/engine/src/a.ts', "import { x } from '@cordon/proxy'"),
    ...check('services/engine/src/b.ts', "import { y } from '@cordon/proxy'"),
  ])
  assert.match(text ?? '', /^services\/engine\/src\/a\.ts:1, and 1 more of the same\n/)
  assert.deepEqual(more, [])
})

test('every form of import counts', () => {
  for (const text of [
    "import '@cordon/proxy'",
    "import { x } from '@cordon/proxy'",
    "import type { X } from '@cordon/proxy'",
    "export * from '@cordon/proxy'",
    "export { x } from '@cordon/proxy'",
    "const x = await import('@cordon/proxy')",
    "type X = import('@cordon/proxy').X",
  ]) {
    assert.deepEqual(problems('services/engine/src/main.ts', text), ['1: @cordon/proxy, of services'])
  }
})

test('layers look down only', () => {
  assert.deepEqual(problems('cli/src/main.ts', "import { x } from '@cordon/engine'"), [])
  assert.deepEqual(problems('schemas/src/a.ts', "import { x } from '@cordon/foundation'"), [
    '1: @cordon/foundation, of packages',
  ])
  assert.deepEqual(problems('packages/stream/src/a.ts', "import { x } from '@cordon/engine'"), [
    '1: @cordon/engine, of services',
  ])
  assert.deepEqual(problems('cli/src/main.ts', "import { x } from '@cordon/bench'"), [
    '1: @cordon/bench, of bench',
  ])
})

test('what is imported is declared', () => {
  assert.deepEqual(problems('packages/foundation/src/a.ts', "import { z } from 'zod/mini'"), [
    '1: zod/mini, which packages/foundation does not depend on',
  ])
  assert.deepEqual(problems('packages/stream/src/a.ts', "import type { X } from '@cordon/foundation'"), [
    '1: @cordon/foundation, which packages/stream does not depend on',
  ])
  assert.deepEqual(problems('packages/stream/src/a.test.ts', "import fc from 'fast-check'"), [])
  assert.deepEqual(problems('packages/stream/src/a.ts', "import fc from 'fast-check'"), [
    '1: fast-check, which packages/stream does not depend on',
  ])
})

test('workspaces meet at their entry points', () => {
  assert.deepEqual(
    problems('services/engine/src/main.ts', "import { x } from '@cordon/stream/src/ports.ts'"),
    ['1: @cordon/stream/src/ports.ts, which is no entry point of @cordon/stream'],
  )
  const path = '../../../packages/stream/src/ports.ts'
  assert.deepEqual(
    problems('services/engine/src/main.ts', `import type { X } from '${path}'`).at(0),
    `1: a path into another workspace: ${path}`,
  )
})

test('core imports ports, and of the world only types', () => {
  const core = 'services/engine/src/core/a.ts'
  assert.deepEqual(problems(core, "import { b } from './b.ts'\nimport type { P } from '../ports.ts'"), [])
  assert.deepEqual(problems(core, "import type { LogRecord } from '@cordon/stream'"), [])
  assert.deepEqual(problems(core, "import { PoisonRecord } from '@cordon/stream'"), ['1: @cordon/stream'])
  assert.deepEqual(problems(core, "import { readFileSync } from 'node:fs'"), ['1: node:fs'])
  assert.deepEqual(problems(core, "import { z } from 'zod'"), ['1: zod'])
  assert.deepEqual(problems(core, "import type { A } from '../adapters/a.ts'"), [
    '1: ../adapters/a.ts, of adapters',
  ])
  assert.deepEqual(problems(core, "import { readConfig } from '../config.ts'"), [
    '1: ../config.ts, of config',
  ])
})

test('core has no clock, no network and no randomness', () => {
  const core = 'services/engine/src/core/a.ts'
  assert.deepEqual(
    problems(
      core,
      'const a = Date.now()\nconst b = new Date()\nconst c = fetch(x)\nconst d = Math.random()\nsetTimeout(e, 1)',
    ),
    ['1: Date', '2: Date', '3: fetch', '4: Math.random', '5: setTimeout'],
  )
  assert.deepEqual(problems(core, "import { parseSessionId, uuidV7 } from '@cordon/foundation'"), [
    '1: uuidV7 of @cordon/foundation',
  ])
  assert.deepEqual(
    problems(core, 'const a = Math.max(1, 2)\nconst b = clock.now()\nconst c = record.Date.now()'),
    [],
  )
})

test('tests beside a core may use what they need', () => {
  assert.deepEqual(
    problems(
      'services/engine/src/core/a.test.ts',
      "import test from 'node:test'\nimport { m } from '../engine-fixture.ts'",
    ),
    [],
  )
})

test('adapters import ports, and types of the core', () => {
  const adapter = 'services/engine/src/adapters/kafka-log.ts'
  assert.deepEqual(
    problems(adapter, "import type { T } from '../core/table.ts'\nimport { p } from '../ports.ts'"),
    [],
  )
  assert.deepEqual(problems(adapter, "import { createTable } from '../core/table.ts'"), [
    '1: ../core/table.ts, of core',
  ])
  assert.deepEqual(problems(adapter, "import { start } from '../main.ts'"), ['1: ../main.ts, of main'])
})

test('only config.ts reads the environment', () => {
  const read = 'const broker = process.env.KAFKA_BROKERS'
  assert.deepEqual(problems('services/engine/src/config.ts', read), [])
  assert.deepEqual(problems('services/engine/src/main.ts', 'readConfig(process.env)'), [])
  assert.deepEqual(problems('services/engine/src/main.ts', read), ['1: process.env.KAFKA_BROKERS'])
  assert.deepEqual(problems('services/engine/src/main.ts', "process.env['KAFKA_BROKERS']"), [
    '1: process.env.KAFKA_BROKERS',
  ])
  assert.deepEqual(problems('services/engine/src/adapters/a.ts', 'readConfig(process.env)'), [
    '1: process.env',
  ])
  assert.deepEqual(problems('packages/stream/src/a.ts', "import { env } from 'node:process'"), [
    '1: node:process',
  ])
  assert.deepEqual(problems('cli/src/main.ts', read), [])
})

test('one package stands for each guarded library', () => {
  assert.deepEqual(problems('packages/stream/src/a.ts', "import { Kafka } from 'kafkajs'"), [])
  assert.deepEqual(
    problems('services/engine/src/adapters/a.ts', "import type { Kafka } from 'kafkajs/types'"),
    ['1: kafkajs/types'],
  )
})
