import { z } from 'zod'

import { agentName } from './agent-name.ts'
import { callTimes } from './call-times.ts'
import {
  looseArguments,
  looseFailure,
  looseMessage,
  looseSize,
  looseStep,
  looseText,
  looseTime,
} from './loose-fields.ts'
import { catalogueToolName } from './qualified-tool.ts'

// Only what a live system could have seen is named here: zod drops every other key, so what the recordings know about
// the outcome (labels, classes, injected calls) never leaves this file.

/** A session of more is told by its first ones. */
const maxCalls = 1_000_000
/** What humans ask for is shorter. */
const maxRequestCharacters = 100_000
/** What the records have for sizes. */
const maxChars = 2 ** 31 - 1

// Recorders write null for what they did not see: a call whose result never came, a run that was cut off.
const callSchema = z.object({
  tool: z.string().transform(catalogueToolName),
  args: z.unknown().optional().transform(looseArguments),
  step: z.unknown().optional().transform(looseStep),
  result: z.unknown().optional().transform(looseText),
  result_chars: z
    .unknown()
    .optional()
    .transform(value => looseSize(value, maxChars)),
  error: z.unknown().optional(),
  err: z.unknown().optional(),
  ts: z.unknown().optional().transform(looseTime),
  ts_result: z.unknown().optional().transform(looseTime),
})

const nameSchema = z.union([z.string(), z.number()], {
  error: ({ input }) => `expected text or a number, got ${input === undefined ? 'nothing' : kindOf(input)}`,
})

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

const sessionSchema = z.object({
  sid: nameSchema,
  suite: nameSchema.transform(suite => agentName(String(suite))),
  prompt: z.unknown().optional(),
  calls: z
    .array(z.unknown())
    .transform(calls => calls.slice(0, maxCalls))
    .pipe(z.array(callSchema)),
})

/** How a recording is read. */
export interface TraceOptions {
  /** Humans declared what they want; without it nobody knows. */
  readonly withRequest?: boolean
  /** A file without any line is a recording of no sessions. */
  readonly mayBeEmpty?: boolean
}

/** One recorded tool call. */
export interface TraceCall {
  /** `server/tool`, or the tool alone where the recording does not say of which server. */
  readonly tool: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** The first characters of the result, where the recording kept it; else of why the call failed. */
  readonly result: string
  /** The result's whole length, in characters. */
  readonly resultChars: number
  readonly failed: boolean
  /** Milliseconds since the session's start. */
  readonly startMs: number
  readonly endMs: number
}

/** One recorded session: what an engine would have seen of it. */
export interface TraceSession {
  /** Opaque and unique within a recording. */
  readonly id: string | number
  readonly agentId: string
  /** Role of the human; recordings know no other name for it than the agent's. */
  readonly role: string
  /** What the human asked for: only where somebody wants to know. */
  readonly request?: string
  /** In the order of their start; calls of one step overlap. */
  readonly calls: readonly TraceCall[]
}

/**
 * Checks one parsed line of a recording and lays its calls out in time.
 * @throws z.ZodError
 */
export const parseTraceSession = (
  line: unknown,
  { withRequest = false }: TraceOptions = {},
): TraceSession => {
  const { sid, suite, prompt, calls } = sessionSchema.parse(line, { reportInput: true })
  const times = callTimes(
    calls.map(({ step, ts, ts_result }) => ({ step, startedAt: ts, endedAt: ts_result })),
  )
  return {
    id: sid,
    agentId: suite,
    role: suite,
    ...(withRequest && typeof prompt === 'string' && { request: prompt.slice(0, maxRequestCharacters) }),
    calls: calls.map(({ tool, args, result, result_chars, error, err }, index) => {
      const read = result === '' ? looseMessage(error, err) : result
      return {
        tool,
        arguments: args,
        result: read,
        resultChars: Math.max(result_chars ?? 0, read.length),
        failed: looseFailure(error),
        ...times[index]!,
      }
    }),
  }
}
