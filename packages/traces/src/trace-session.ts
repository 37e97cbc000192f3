import { z } from 'zod'

import { catalogueToolName, isToolName } from './qualified-tool.ts'

// Only what a live system could have seen is named here: zod drops every other key, so what the recordings know about
// the outcome (labels, classes, injected calls) never leaves this file.

// What is odd beyond these bounds could not be written as records of the stream, or would drag all other sessions along.
const longestSessionSeconds = 7 * 24 * 60 * 60
const maxCalls = 100_000
const maxStep = 100_000
/** What the records have for sizes. */
const maxChars = 2 ** 31 - 1

const printableName = z
  .string()
  .regex(/^[^\p{C}]{1,256}$/u, { error: 'expected 1 to 256 printable characters' })

const callSchema = z.object({
  tool: z.string().transform(catalogueToolName).refine(isToolName, {
    error: 'expected "tool" or "server/tool", of 1 to 128 characters where none of them needs an escape',
  }),
  args: z.record(z.string(), z.unknown()).default({}),
  // Recorders write null for what they did not see: a call whose result never came, a run that was cut off.
  step: z.number().int().min(0).max(maxStep).nullish(),
  result: z.string().nullish(),
  result_chars: z.number().int().min(0).max(maxChars).nullish(),
  error: z.boolean().nullish(),
  ts: z.string().nullish(),
  ts_result: z.string().nullish(),
})

const sessionSchema = z
  .object({
    sid: z.string().min(1),
    suite: printableName,
    prompt: z.string().max(100_000).nullish(),
    calls: z.array(callSchema).max(maxCalls),
  })
  .refine(({ calls }) => recordedSpanMs(calls) <= longestSessionSeconds * 1000, {
    path: ['calls'],
    error: `expected time stamps within ${longestSessionSeconds} s, got a longer session`,
  })

/** How a recording is read. */
export interface TraceOptions {
  /** Humans declared what they want; without it nobody knows. */
  readonly withRequest?: boolean
}

/** One recorded tool call. */
export interface TraceCall {
  /** `server/tool`, or the tool alone where the recording does not say of which server. */
  readonly tool: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** The first characters of the result, where the recording kept it. */
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
  readonly id: string
  readonly agentId: string
  /** Role of the human; recordings know no other name for it than the agent's. */
  readonly role: string
  /** What the human asked for: only where somebody wants to know. */
  readonly request?: string
  /** In the order of their start; calls of one step overlap. */
  readonly calls: readonly TraceCall[]
}

type RawCall = z.infer<typeof callSchema>

const secondsPerStep = 4
const parallelGapMs = 50
const shortestCallMs = 20

/**
 * Checks one parsed line of a recording and lays its calls out in time: by their own time stamps where they have them,
 * else a step every 4 s. Whatever the stamps say, calls begin in the order in which they stand, and no call of a step
 * begins after a result of that step: who made them side by side had seen none of these.
 * @throws z.ZodError
 */
export const parseTraceSession = (
  line: unknown,
  { withRequest = false }: TraceOptions = {},
): TraceSession => {
  const { sid, suite, prompt, calls } = sessionSchema.parse(line, { reportInput: true })
  const origin = Date.parse(calls[0]?.ts ?? '')
  const times = sideBySide(calls, Number.isNaN(origin) ? evenTimes(calls) : recordedTimes(calls, origin))
  return {
    id: sid,
    agentId: suite,
    role: suite,
    ...(withRequest && typeof prompt === 'string' && { request: prompt }),
    calls: calls.map((call, index) => ({
      tool: call.tool,
      arguments: call.args,
      result: call.result ?? '',
      resultChars: call.result_chars ?? call.result?.length ?? 0,
      failed: call.error ?? false,
      ...times[index]!,
    })),
  }
}

interface CallTimes {
  readonly startMs: number
  readonly endMs: number
}

const recordedTimes = (calls: readonly RawCall[], origin: number): readonly CallTimes[] =>
  calls.map(call => {
    const startMs = millisecondsSince(origin, call.ts) ?? 0
    return { startMs, endMs: Math.max(startMs, millisecondsSince(origin, call.ts_result) ?? startMs) }
  })

// Half a step for the tool, the rest for the model.
const evenTimes = (calls: readonly RawCall[]): readonly CallTimes[] => {
  const stepMs = secondsPerStep * 1000
  return stepsOf(calls).flatMap((indices, step) => {
    const gapMs = Math.min(parallelGapMs, stepMs / 4 / indices.length)
    return indices.map((_, place) => {
      const startMs = stepMs * (step + 1) + place * gapMs
      return { startMs, endMs: startMs + Math.max(shortestCallMs, stepMs / 2) }
    })
  })
}

/** Runs of calls of one step, by their positions. */
const stepsOf = (calls: readonly RawCall[]): readonly (readonly number[])[] => {
  const steps: number[][] = []
  for (const [index, { step }] of calls.entries()) {
    const before = calls[index - 1]?.step
    if (index > 0 && typeof step === 'number' && step === before) steps.at(-1)!.push(index)
    else steps.push([index])
  }
  return steps
}

const sideBySide = (calls: readonly RawCall[], times: readonly CallTimes[]): readonly CallTimes[] => {
  let earliest = 0
  return stepsOf(calls).flatMap(indices => {
    const starts = indices.map(index => (earliest = Math.max(earliest, times[index]!.startMs)))
    const ended = indices.map((index, place) => Math.max(earliest + 1, starts[place]!, times[index]!.endMs))
    earliest = ended.reduce((last, endMs) => Math.max(last, endMs), earliest) + 1
    return starts.map((startMs, place) => ({ startMs, endMs: ended[place]! }))
  })
}

const millisecondsSince = (origin: number, text: string | null | undefined): number | undefined => {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time - origin) ? undefined : Math.max(0, time - origin)
}

/** From the first call's time stamp to the last of all; 0 where there are none. */
const recordedSpanMs = (calls: readonly RawCall[]): number => {
  const origin = Date.parse(calls[0]?.ts ?? '')
  const since = (text: string | null | undefined): number => millisecondsSince(origin, text) ?? 0
  return calls.reduce((span, { ts, ts_result }) => Math.max(span, since(ts), since(ts_result)), 0)
}
