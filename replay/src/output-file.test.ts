import assert from 'node:assert/strict'
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { openOutputFile } from './output-file.ts'

const folderWith = (t: TestContext, name: string, text: string): { folder: string; file: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'output-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, name)
  writeFileSync(file, text)
  return { folder, file }
}

test('refuses what is read, by whatever path it is named, and touches nothing', async t => {
  const { folder, file } = folderWith(t, 'recording.jsonl', 'recorded')
  const link = join(folder, 'link')
  symlinkSync(file, link)
  for (const [out, input] of [
    [file, file],
    [join(folder, '.', '..', folder.split('/').at(-1)!, 'recording.jsonl'), file],
    [link, file],
    [file, link],
  ] as const)
    await assert.rejects(openOutputFile('--out', out, ['/other', input]), {
      code: 'OUTPUT_IS_INPUT',
      message: `--out ${out}: expected another file than those that are read, got ${input}`,
    })
  assert.deepEqual(readdirSync(folder).sort(), ['link', 'recording.jsonl'])
  assert.equal(readFileSync(file, 'utf8'), 'recorded')
})

test('has its name once it is whole; what had it before keeps it until then, and for good where it fails', async t => {
  const { folder, file } = folderWith(t, 'out.jsonl', 'before')
  const failed = await openOutputFile('--out', file, [])
  await failed.write('half')
  assert.equal(readFileSync(file, 'utf8'), 'before')
  await failed.discard()
  assert.deepEqual(readdirSync(folder), ['out.jsonl'])
  // Another name of what was read keeps what it had.
  const input = join(folder, 'input')
  linkSync(file, input)
  const whole = await openOutputFile('--out', file, [input])
  await whole.write('one, ')
  await whole.write('two')
  await whole.keep()
  await whole.discard()
  assert.deepEqual(
    [file, input].map(name => readFileSync(name, 'utf8')),
    ['one, two', 'before'],
  )
})

test('writes through a link, and to a device that has nothing to lose', async t => {
  const { folder, file } = folderWith(t, 'real', '')
  const link = join(folder, 'link')
  symlinkSync(file, link)
  for (const out of [link, '/dev/null']) {
    const opened = await openOutputFile('--out', out, [])
    await opened.write('text')
    await opened.keep()
  }
  assert.equal(readFileSync(file, 'utf8'), 'text')
})

for (const [what, file, got] of [
  ['a folder that is not there', '/nope/x', 'no folder of that name'],
  ['a folder', tmpdir(), 'a folder'],
  ['a file as if it were a folder', join(import.meta.filename, 'x'), 'a file'],
] as const)
  test(`${what} is told before anything is read`, () =>
    assert.rejects(openOutputFile('--json', file, []), {
      code: 'OUTPUT_UNWRITABLE',
      message: `--json ${file}: expected a file that can be written, got ${got}`,
    }))
