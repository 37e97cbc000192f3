import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

import { toolServerFailed } from '@cordon/proxy'

import { openServerFaultFeed } from './server-faults.ts'

const lineOf = (fields: object): string => `${JSON.stringify({ level: 'warn', ...fields })}\n`
const failed = (server: string, kind: string, detail: string): string =>
  lineOf({ server, kind, detail, msg: toolServerFailed })

const logOf = async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-faults-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const logFile = join(folder, 'proxy.log')
  writeFileSync(logFile, '')
  const said: string[] = []
  const waiting = new Set<() => void>()
  let now = 0
  const feed = await openServerFaultFeed({
    logFile,
    onFault: ({ server, detail }) => {
      said.push(`${server}: ${detail}`)
      waiting.forEach(wake => wake())
    },
    onLost: reason => assert.fail(reason),
    now: () => now,
    pollMs: 1,
  })
  t.after(() => feed.close())
  return {
    said,
    advance: (milliseconds: number) => void (now += milliseconds),
    write: (text: string | Buffer) => appendFileSync(logFile, text),
    /** Everything before it was read. */
    readAll: async (): Promise<void> => {
      const mark = `mark-${said.length}-${Math.random()}`
      const isRead = new Promise<void>(resolve => {
        const wake = (): void => {
          if (said.at(-1)?.startsWith(mark) === true) resolve()
        }
        waiting.add(wake)
      })
      appendFileSync(logFile, failed(mark, 'failed', ''))
      await isRead
      said.pop()
    },
  }
}

test('faults of tool servers are read from the log as they come, also where a line comes in parts', async t => {
  const { said, write, readAll } = await logOf(t)
  const line = Buffer.from(failed('gone', 'unreachable', 'expected its commánd to start, got ENOENT'))
  const inside = line.indexOf('á') + 1
  write(line.subarray(0, inside))
  await pause(20)
  write(line.subarray(inside))
  await readAll()
  assert.deepEqual(said, ['gone: expected its commánd to start, got ENOENT'])
})

test('a fault that an agent meets again and again is said once a minute, another kind or server at once', async t => {
  const { said, write, readAll, advance } = await logOf(t)
  write(failed('a', 'crashed', 'one') + failed('a', 'crashed', 'two'))
  write(failed('a', 'timeout', 'three') + failed('b', 'crashed', 'four'))
  await readAll()
  assert.deepEqual(said, ['a: one', 'a: three', 'b: four'])
  advance(60_000)
  write(failed('a', 'crashed', 'five'))
  await readAll()
  assert.deepEqual(said.slice(3), ['a: five'])
})

test('what is no line of a fault is left out: other words, other forms, more than a line is', async t => {
  const { said, write, readAll } = await logOf(t)
  write(`${toolServerFailed}\n"${toolServerFailed}"\nnull\n`)
  write(lineOf({ server: 'x', kind: 'failed', detail: 'd', msg: `not that a ${toolServerFailed}` }))
  write(lineOf({ server: 'x', line: toolServerFailed, msg: 'tool server wrote to standard error' }))
  write(lineOf({ server: 7, kind: 'failed', detail: 'd', msg: toolServerFailed }))
  write(failed('long', 'failed', 'x'.repeat(300_000)))
  await readAll()
  assert.deepEqual(said, [])
})

test('a log that is not there says so', async () => {
  const nothing = { onFault: () => undefined, onLost: () => undefined, now: () => 0 }
  await assert.rejects(
    openServerFaultFeed({ logFile: '/nowhere/proxy.log', ...nothing }),
    /log of the proxy: expected a readable file/,
  )
})
