import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { CordonError } from '@cordon/foundation'
import type { ScoredSession } from '@cordon/replay'

import type { JudgedSession } from './judged-session.ts'
import { visibleLine, type RecordedSession } from './recorded-sessions.ts'

/** The command, and the folder for its files. */
export interface ScoreCommand {
  readonly argv: readonly [string, ...string[]]
  readonly folder: string
}

export interface ScoreOptions {
  /** Signals to leave out. */
  readonly without?: readonly string[]
  /** What the humans asked for is declared. */
  readonly withIntent?: boolean
}

/** `cordon score`, as it stands in the repository. */
export const cordonScore = (folder: string): ScoreCommand => ({
  argv: [process.execPath, join(import.meta.dirname, '../../../cli/src/main.ts'), 'score'],
  folder,
})

/**
 * Scores sessions by the command, which sees files with what is visible online and nothing else.
 * @throws CordonError `SCORE_FAILED`
 */
export const scoreByCommand = async (
  { argv, folder }: ScoreCommand,
  learn: readonly RecordedSession[],
  test: readonly RecordedSession[],
  { without = [], withIntent = false }: ScoreOptions = {},
): Promise<readonly JudgedSession[]> => {
  const [learnFile, testFile, outFile] = ['learn.jsonl', 'test.jsonl', 'out.jsonl'].map(name =>
    join(folder, name),
  ) as [string, string, string]
  const linesOf = (sessions: readonly RecordedSession[]): string =>
    sessions.map(session => `${visibleLine(session, withIntent)}\n`).join('')
  await writeFile(learnFile, linesOf(learn))
  await writeFile(testFile, linesOf(test))
  const [command, ...start] = argv
  const flags = [...without.flatMap(signal => ['--without', signal]), ...(withIntent ? ['--intent'] : [])]
  const files = ['--learn', learnFile, '--test', testFile, '--out', outFile]
  await run(command, [...start, ...files, ...flags])
  const scored = new Map(
    (await readFile(outFile, 'utf8'))
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as ScoredSession)
      .map(session => [session.sid, session]),
  )
  return test.map(truth => {
    const calls = scored.get(truth.sid)?.calls
    if (calls?.length !== truth.calls.length)
      throw failed(`a line of ${truth.calls.length} calls for session ${truth.sid}`, String(calls?.length))
    return { truth, calls, evidence: calls.map(({ evidence }) => evidence) }
  })
}

const run = async (command: string, args: readonly string[]): Promise<void> => {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said = `${said}${String(text)}`.slice(-2000)))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw failed('the command to end with 0', `${code}: ${said}`)
}

const failed = (expected: string, got: string): CordonError =>
  new CordonError('SCORE_FAILED', `score: expected ${expected}, got ${got}`)
