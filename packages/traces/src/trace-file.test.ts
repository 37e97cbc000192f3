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
  for await (const { id } of readTraceFile(file, problem => problems.push(problem))) ids.push(id)
  return { ids, problems }
}

test('reads plain and gzip lines alike', async () => {
  const text = `${session('one')}\n${session('two')}\n`
  await writeFile(join(folder, 'plain.jsonl'), text)
  await writeFile(join(folder, 'packed.jsonl.gz'), gzipSync(text))
  assert.deepEqual((await collect(join(folder, 'plain.jsonl'))).ids, ['one', 'two'])
  assert.deepEqual((await collect(join(folder, 'packed.jsonl.gz'))).ids, ['one', 'two'])
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
  assert.match(problems[1]?.reason ?? '', /expected array/)
})

test('a missing file is an error that names it', async () => {
  await assert.rejects(collect(join(folder, 'none.jsonl.gz')), /none\.jsonl\.gz/)
})
