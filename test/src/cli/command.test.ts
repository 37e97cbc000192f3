import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

import { cordon, main, temporaryFolder } from '../support/command.ts'

test('a stop that comes while everything is starting is acted on, and leaves nothing', async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const folder = temporaryFolder(t)
    const { code, out } = await cordon(t, ['up', '--throwaway'], { signal, environment: { TMPDIR: folder } })
    assert.equal(code, 0)
    assert.match(out, /Stopping\.\nStopped\.\n$/)
    assert.doesNotMatch(out, /Ready after/)
    assert.deepEqual(readdirSync(folder), [])
  }
})

test('what is not understood says so in three lines at most, and ends with 2', async t => {
  const commands: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['nosuch'], /^error: unknown command 'nosuch'\n/],
    [['up', '--nosuch'], /^error: unknown option '--nosuch'\n/],
    [['up', '--data', ''], /expected the name of a folder/],
    [['up', '--port', '70000'], /expected a port from 1 to 65535/],
    [['up', '--bundle', 'b.json'], /expected --bundle beside --servers, got it without/],
    [['up', '--baselines', 'b.json'], /expected --baselines beside --servers, got it without/],
    [['replay'], /expected recordings to play, got none\n/],
    [
      ['replay', '--learn', 'a', 'b'],
      /expected recordings to play before --learn or after --, got none: --learn took all 2\n/,
    ],
    [['revoke'], /missing required argument 'scope'/],
    [['revoke', 'agent:a'], /required option '--reason <text>' not specified/],
    [['score', '--lern', 'f'], /^error: unknown option '--lern'\n/],
    [['score', '--test', 'f'], /required option '--out <file>' not specified/],
    [['replay', 'f', '--partitions', '65'], /expected a whole number from 1 to 64/],
    [['replay', 'f', '--speed', '0'], /expected a number above 0, or max/],
  ]
  for (const [args, message] of commands) {
    const { code, error } = await cordon(t, args)
    assert.match(error, message)
    assert.ok(error.split('\n').length <= 4, error)
    assert.equal(code, 2)
  }
})

test('what cannot be used is named before anything starts', async t => {
  const environment = { CORDON_KAFKA_TLS: 'yes' }
  const refused = await cordon(t, ['up', '--throwaway'], { environment })
  assert.deepEqual([refused.code, refused.out], [1, ''])
  assert.match(
    refused.error,
    /^cordon: launcher: 1 problem in the environment\n {2}CORDON_KAFKA_TLS: expected/,
  )
  const port = await cordon(t, ['up', '--throwaway'], { environment: { CORDON_PROXY_PORT: '9000' } })
  assert.match(
    port.error,
    /CORDON_PROXY_PORT: read by the proxy; not settable here: use --port of cordon up$/m,
  )
  // Not the broker and registry of this test run, which need nothing of the cache.
  const ownParts = { KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', CORDON_CACHE_DIR: main }
  const cache = await cordon(t, ['up', '--throwaway'], { environment: ownParts })
  assert.match(
    cache.error,
    /^cordon: cache .*: expected a folder that can be made and written, got a file; CORDON_CACHE_DIR names another\n$/,
  )
  const folder = await cordon(t, ['up', '--data', main])
  assert.deepEqual([folder.code, folder.out], [1, ''])
  assert.match(
    folder.error,
    /^cordon: .*main\.ts: expected a folder that can be made and written, got a file\n$/,
  )
})

test('what to pin of listed tools is written, and a file that is no list is named', async t => {
  const file = join(temporaryFolder(t), 'tools.json')
  writeFileSync(
    file,
    '{"tools":[{"name":"read","description":"Reads a file.","inputSchema":{"type":"object"}}]}',
  )
  const { code, out } = await cordon(t, ['pin', file])
  assert.deepEqual([code, JSON.parse(out)], [0, { read: 'u6ptcBFpAb1USoGEuSIweA' }])
  for (const [name, problem] of [
    [main, /^cordon: .*main\.ts: expected the answer of a tool server to tools\/list, as JSON/],
    ['/nope', /^cordon: \/nope: expected a file, got nothing of that name\n$/],
  ] as const) {
    const refused = await cordon(t, ['pin', name])
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assert.match(refused.error, problem)
  }
})

test('why a start stops is said before that it stops, which may take long', async t => {
  const child = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, main, 'up', '--throwaway'], {
    env: { ...process.env, KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', CORDON_CACHE_DIR: main },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  t.after(() => child.kill('SIGKILL'))
  const said = await text(child.stdout)
  assert.match(said, /^cordon: cache .*\nStopping\.\nStopped\.\n$/)
})

test('a recording is not written over, and a report that cannot be written is told in one line', async t => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'recording.jsonl')
  const recorded = '{"sid":"1","suite":"desk","calls":[{"tool":"read_mail"}]}\n'
  writeFileSync(file, recorded)
  const commands: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['score', '--test', file, '--out', file], /^cordon: --out .*: expected another file/],
    [['score', '--learn', file, '--test', file, '--out', `${folder}/./recording.jsonl`], /^cordon: --out/],
    [['score', '--test', file, '--out', '/nope/x'], /: expected a file that can be written, got no folder/],
    [['score', '--test', file, '--out', folder], /: expected a file that can be written, got a folder/],
    [['replay', file, '--json', file], /^cordon: --json .*: expected another file/],
    [['replay', file, '--catalogue', '/nope'], /^cordon: bundle \/nope: .*, got nothing of that name/],
  ]
  for (const [args, message] of commands) {
    const { code, out, error } = await cordon(t, args)
    assert.deepEqual([code, out], [1, ''], error)
    assert.match(error, message)
    assert.equal(error.split('\n').length, 2, error)
  }
  assert.equal(readFileSync(file, 'utf8'), recorded)
  assert.deepEqual(readdirSync(folder), ['recording.jsonl'])
})

test('score writes to standard output where asked to, and its summary beside it', async t => {
  const file = join(temporaryFolder(t), 'recording.jsonl')
  writeFileSync(file, '{"sid":"1","suite":"desk","calls":[{"tool":"read_mail"}]}\nodd\n')
  const { code, out, error } = await cordon(t, ['score', '--learn', file, '--test', file, '--out', '-'])
  assert.equal(code, 0, error)
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { readonly sid: string }).sid),
    ['1'],
  )
  assert.match(error, /^gravest standing {3}trusted 1, verify 0, read_only 0, suspended 0$/m)
  assert.match(error, /^ {2}desk, recurring work: verify from \d+\.\d \(model\), read_only from/m)
  assert.match(error, /^1 session was both learned from and judged/m)
  assert.match(error, /^lines left out {5}2$/m)
})

test('score says which lines have the sid of an earlier one, and scores them', async t => {
  const file = join(temporaryFolder(t), 'recording.jsonl')
  const session = (sid: string): string => `{"sid":"${sid}","suite":"desk","calls":[{"tool":"read_mail"}]}\n`
  writeFileSync(file, session('1') + session('2') + session('1'))
  const { code, out, error } = await cordon(t, ['score', '--test', file, '--out', '-'])
  assert.deepEqual([code, out.trimEnd().split('\n').length], [0, 3], error)
  assert.match(
    error,
    /^repeated sids {6}1\n {2}.*recording\.jsonl:3: expected a sid of its own, got that of line 1$/m,
  )
})

test('several files to learn from stand after one --learn or after several; an empty one teaches nothing', async t => {
  const folder = temporaryFolder(t)
  const [one, two, three, empty] = ['one', 'two', 'three', 'empty'].map(name => {
    const file = join(folder, name)
    const session = { sid: name, suite: 'desk', calls: [{ tool: 'read_mail' }] }
    writeFileSync(file, name === 'empty' ? '' : JSON.stringify(session))
    return file
  }) as [string, string, string, string]
  const several = await cordon(t, [
    'score',
    '--learn',
    one,
    two,
    '--learn',
    three,
    '--test',
    one,
    '--out',
    '-',
  ])
  assert.equal(several.code, 0, several.error)
  assert.match(several.error, /^learned from +3 sessions/m)
  assert.match(several.error, /^Too few sessions were learned/m)
  const nothing = await cordon(t, ['score', '--learn', empty, '--test', one, '--out', '-'])
  assert.equal(nothing.code, 0, nothing.error)
  assert.match(nothing.error, /^Nothing was learned, .* --learn FILE/m)
  assert.match(nothing.error, /^ {2}roles that nothing was learned of, new work: verify from 3\.1 \(model\)/m)
  const without = await cordon(t, ['score', '--test', one, '--out', '-'])
  assert.deepEqual([without.code, without.out, without.error], [0, nothing.out, nothing.error])
  const untested = await cordon(t, ['score', '--learn', one, '--test', empty, '--out', '-'])
  assert.deepEqual([untested.code, untested.out], [1, ''])
  assert.match(
    untested.error,
    /^cordon: recording .*empty: expected recorded sessions, .* got an empty file\n$/,
  )
})
