import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { readTraceFile, type TraceProblem } from './trace-file.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traces-'))
})
after(() => rm(folder, { recursive: true }))

const session = (sid: string): string =>
  JSON.stringify({
    sid,
    suite: 'desk',
    class: 'hijacked',
    calls: [{ tool: 'read', args: { path: 'a' }, injected: true }],
  })

const collect = async (file: string): Promise<{ ids: string[]; problems: TraceProblem[] }> => {
  const problems: TraceProblem[] = []
  const ids: string[] = []
  for await (const { id } of readTraceFile(file, problem => problems.push(problem))) ids.push(String(id))
  return { ids, problems }
}

test('reads plain and gzip lines alike', async () => {
  const text = `${session('one')}\n${session('two')}\n`
  await writeFile(join(folder, 'plain.jsonl'), text)
  await writeFile(join(folder, 'packed.jsonl.gz'), gzipSync(text))
  assert.deepEqual((await collect(join(folder, 'plain.jsonl'))).ids, ['one', 'two'])
  assert.deepEqual((await collect(join(folder, 'packed.jsonl.gz'))).ids, ['one', 'two'])
})

test('a file of one byte is read to its end: too little to tell gzip by', async () => {
  const file = join(folder, 'short.jsonl')
  for (const [text, problems] of [
    ['\n', 0],
    ['{', 1],
    ['\u001f', 1],
  ] as const) {
    await writeFile(file, text)
    let left = 0
    const reading = async (): Promise<void> => {
      for await (const { id } of readTraceFile(file, () => (left += 1), { mayBeEmpty: true }))
        assert.fail(`${id}`)
    }
    await (problems === 0 ? reading() : assert.rejects(reading(), { code: 'RECORDING_EMPTY' }))
    assert.equal(left, problems)
  }
})

test('reports malformed lines by number and goes on', async () => {
  const file = join(folder, 'torn.jsonl')
  await writeFile(
    file,
    `${session('one')}\n{"sid": \n\n{"sid":"x","suite":"desk","calls":7}\n${session('two')}`,
  )
  const { ids, problems } = await collect(file)
  assert.deepEqual(ids, ['one', 'two'])
  assert.deepEqual(
    problems.map(({ line }) => line),
    [2, 4],
  )
  assert.match(problems[1]?.reason ?? '', /expected array, got number/)
})

test('what is no session is left out with its reason, bounded and never repeated', async () => {
  const odd: readonly (readonly [object, RegExp])[] = [
    [{ suite: undefined }, /^suite: expected text or a number, got nothing$/],
    [{ sid: null }, /^sid: expected text or a number, got null$/],
    [{ sid: { a: 1 } }, /^sid: /],
    [{ calls: [{ tool: 7 }] }, /^calls\.0\.tool: expected string, got number/],
    [
      { calls: Array.from({ length: 9 }, () => ({})) },
      /^calls\.0\.tool: [^;]*; calls\.1[^;]*; calls\.2[^;]*; 6 more$/,
    ],
  ]
  const file = join(folder, 'odd.jsonl')
  const lines = odd.map(([over]) => JSON.stringify({ ...(JSON.parse(session('x')) as object), ...over }))
  await writeFile(file, `\uFEFF${session('one')}\r\n${lines.join('\n')}`)
  const { ids, problems } = await collect(file)
  assert.deepEqual(ids, ['one'])
  for (const [index, [, reason]] of odd.entries()) {
    assert.equal(problems[index]?.line, index + 2)
    assert.match(problems[index].reason, reason)
  }
})

test('a line of more than 16 MB is a session like any other', async () => {
  const file = join(folder, 'large.jsonl')
  await writeFile(file, session('large').replace('"a"', JSON.stringify('x'.repeat(17 * 1024 * 1024))))
  assert.deepEqual(await collect(file), { ids: ['large'], problems: [] })
})

test('gzip is told by what the file holds, not by its name', async () => {
  await writeFile(join(folder, 'packed'), gzipSync(session('one')))
  await writeFile(join(folder, 'plain.jsonl.gz'), session('two'))
  await writeFile(
    join(folder, 'members'),
    Buffer.concat([gzipSync(session('a')), gzipSync(`\n${session('b')}`)]),
  )
  assert.deepEqual((await collect(join(folder, 'packed'))).ids, ['one'])
  assert.deepEqual((await collect(join(folder, 'plain.jsonl.gz'))).ids, ['two'])
  assert.deepEqual((await collect(join(folder, 'members'))).ids, ['a', 'b'])
})

test('an empty file is a recording of no sessions where one is expected', async () => {
  for (const content of ['', '\n \n', gzipSync('')]) {
    const file = join(folder, 'nothing')
    await writeFile(file, content)
    for await (const _ of readTraceFile(file, () => undefined, { mayBeEmpty: true }))
      assert.fail('no session')
  }
  await writeFile(join(folder, 'words'), 'hello')
  const words = readTraceFile(join(folder, 'words'), () => undefined, { mayBeEmpty: true })
  await assert.rejects(words.next(), { code: 'RECORDING_EMPTY' })
})

test('a line that would end the stack of whoever writes it again is left out', async () => {
  const file = join(folder, 'deep.jsonl')
  const deep = session('deep').replace('{', `{"deep":${'['.repeat(5_000)}${']'.repeat(5_000)},`)
  await writeFile(file, `${deep}\n${session('one')}`)
  const { ids, problems } = await collect(file)
  assert.deepEqual(ids, ['one'])
  assert.deepEqual(problems, [{ file, line: 1, reason: 'expected at most 500 levels of nesting, got more' }])
})

test('sessions with the sid of an earlier one are told of by line, and read all the same', async () => {
  const file = join(folder, 'repeated.jsonl')
  const number = session('x').replace('"sid":"x"', '"sid":7')
  await writeFile(file, [session('a'), session('7'), '', session('a'), number, session('a')].join('\n'))
  const problems: unknown[] = []
  let sessions = 0
  const options = { onRepeated: (problem: unknown) => problems.push(problem) }
  for await (const _ of readTraceFile(file, () => assert.fail('no problem'), options)) sessions += 1
  assert.equal(sessions, 5)
  const told = (line: number, first: number) => ({
    file,
    line,
    reason: `expected a sid of its own, got that of line ${first}`,
  })
  assert.deepEqual(problems, [told(4, 1), told(5, 2), told(6, 1)])
})

test('a file that cannot be played says why, and what to do', async () => {
  const whole = gzipSync(Array.from({ length: 2000 }, (_, index) => session(`${index}`)).join('\n'))
  const files: Readonly<Record<string, readonly [Buffer | string, string, RegExp]>> = {
    'torn.jsonl.gz': [whole.subarray(0, -20), 'RECORDING_DAMAGED', /ends early; fetch it again/],
    'empty.jsonl': ['', 'RECORDING_EMPTY', /got an empty file/],
    'blank.jsonl': ['\n \n', 'RECORDING_EMPTY', /got an empty file/],
    'head.jsonl.gz': [whole.subarray(0, 5), 'RECORDING_DAMAGED', /ends early/],
    'text.jsonl': ['hello\nworld', 'RECORDING_EMPTY', /got none \(line 1: expected one JSON object/],
    'other.gz': [
      Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]),
      'RECORDING_DAMAGED',
      /expected gzip/,
    ],
  }
  for (const [name, [content, code, message]] of Object.entries(files)) {
    await writeFile(join(folder, name), content)
    await assert.rejects(collect(join(folder, name)), { name: 'TraceError', code, message }, name)
  }
  await assert.rejects(collect(folder), {
    code: 'RECORDING_UNREADABLE',
    message: /got a directory; name a file/,
  })
  await assert.rejects(collect(join(folder, 'none.jsonl.gz')), {
    code: 'RECORDING_UNREADABLE',
    message: /none\.jsonl\.gz: expected a file, got none of that name/,
  })
})

test('bytes damaged in the middle are told with the line before them', async () => {
  const lines = Array.from({ length: 4000 }, (_, index) => session(`${Math.sin(index)}`))
  const bytes = gzipSync(lines.join('\n'))
  bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 64)
  const file = join(folder, 'damaged.jsonl.gz')
  await writeFile(file, bytes)
  await assert.rejects(collect(file), {
    code: 'RECORDING_DAMAGED',
    message: /damaged bytes after line [1-9]/,
  })
})
