import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { CordonError } from '@cordon/foundation'
import { z } from 'zod'

/** A recorded session with what is known about its outcome: for judging, never for scoring. */
export interface RecordedSession {
  readonly sid: string
  readonly suite: string
  readonly task: string
  /** What the human asked for. */
  readonly prompt: string | null
  readonly injection_task: string | null
  readonly class: 'benign' | 'hijacked' | 'attempted' | 'resisted' | 'unexposed' | 'invisible'
  /** Position of the first call that serves the injection. */
  readonly first_injected: number | null
  readonly duration_s: number | null
  readonly p1: 'baseline' | 'test' | 'skip'
  readonly p2: 'baseline' | 'test' | 'skip'
  readonly calls: readonly RecordedCall[]
}

export interface RecordedCall {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  /** Calls of one step were made side by side. */
  readonly step: number
  /** `null`: it never came. */
  readonly result: string | null
  readonly result_chars: number | null
  readonly error: boolean | null
  /** It serves the injection. */
  readonly injected: boolean
}

const callSchema = z.object({
  tool: z.string(),
  args: z.record(z.string(), z.unknown()).default({}),
  step: z.number().int(),
  result: z.string().nullable().default(null),
  result_chars: z.number().int().nullable().default(null),
  error: z.boolean().nullable().default(null),
  injected: z.boolean().default(false),
})

const fold = z.enum(['baseline', 'test', 'skip'])

const sessionSchema: z.ZodType<RecordedSession> = z.object({
  sid: z.string(),
  suite: z.string(),
  task: z.string(),
  prompt: z.string().nullable().default(null),
  injection_task: z.string().nullable().default(null),
  class: z.enum(['benign', 'hijacked', 'attempted', 'resisted', 'unexposed', 'invisible']),
  first_injected: z.number().int().nullable().default(null),
  duration_s: z.number().nullable().default(null),
  p1: fold,
  p2: fold,
  calls: z.array(callSchema),
})

/**
 * The labelled sessions of a file of JSON lines, plain or gzip.
 * @throws CordonError `TRACES_UNREADABLE`
 */
export const readRecordedSessions = (file: string): readonly RecordedSession[] => {
  const lines = textOf(file).split('\n').filter(Boolean)
  return lines.map((line, index) => {
    const parsed = sessionSchema.safeParse(JSON.parse(line))
    if (parsed.success) return parsed.data
    throw new CordonError(
      'TRACES_UNREADABLE',
      `${file}, line ${index + 1}: expected a labelled session, got ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
    )
  })
}

const textOf = (file: string): string => {
  try {
    const bytes = readFileSync(file)
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch (error) {
    throw new CordonError(
      'TRACES_UNREADABLE',
      `--traces: expected the labelled AgentDojo sessions (bench/README.md says which), got no readable file ${file}`,
      { cause: error },
    )
  }
}

/**
 * What a scorer may see of a session: what passes an enforcement point while the session runs.
 * @param withIntent the human declared what they want
 */
export const visibleLine = (
  { sid, suite, prompt, calls }: RecordedSession,
  withIntent: boolean = false,
): string =>
  JSON.stringify({
    sid,
    suite,
    ...(withIntent && { prompt }),
    calls: calls.map(({ tool, args, step, result, result_chars, error }) => ({
      tool,
      args,
      step,
      result,
      result_chars,
      error,
    })),
  })
