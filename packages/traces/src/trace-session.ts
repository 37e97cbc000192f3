import { z } from 'zod'

// Only what a live system could have seen is named here: zod drops every other key, so what the recordings know about
// the outcome (labels, classes, injected calls) never leaves this file.

const callSchema = z.object({
  tool: z.string().min(1),
  args: z.record(z.string(), z.unknown()).default({}),
  // Recorders write null for what they did not see: a call whose result never came, a run that was cut off.
  step: z.number().int().min(0).nullish(),
  result: z.string().nullish(),
  result_chars: z.number().int().min(0).nullish(),
  error: z.boolean().nullish(),
  ts: z.string().nullish(),
  ts_result: z.string().nullish(),
})

const sessionSchema = z.object({
  sid: z.string().min(1),
  suite: z.string().min(1),
  duration_s: z.number().min(0).nullish(),
  calls: z.array(callSchema),
})

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
  /** In the order of their start; calls of one step overlap. */
  readonly calls: readonly TraceCall[]
}

type RawCall = z.infer<typeof callSchema>

const defaultSecondsPerStep = 4
const parallelGapMs = 50
const shortestCallMs = 20

/**
 * Checks one parsed line of a recording and lays its calls out in time: by their own time stamps where they have them,
 * else evenly over the session's duration, calls of one step 50 ms apart.
 * @throws z.ZodError
 */
export const parseTraceSession = (line: unknown): TraceSession => {
  const { sid, suite, duration_s, calls } = sessionSchema.parse(line)
  const origin = Date.parse(calls[0]?.ts ?? '')
  const clock = Number.isNaN(origin)
    ? evenClock(calls, duration_s ?? undefined)
    : recordedClock(calls, origin)
  return {
    id: sid,
    agentId: suite,
    role: suite,
    calls: calls.map((call, index) => ({
      tool: call.tool,
      arguments: call.args,
      result: call.result ?? '',
      resultChars: call.result_chars ?? call.result?.length ?? 0,
      failed: call.error ?? false,
      ...clock(call, index),
    })),
  }
}

type CallClock = (call: RawCall, index: number) => { startMs: number; endMs: number }

const recordedClock =
  (calls: readonly RawCall[], origin: number): CallClock =>
  (_call, index) => {
    const startMs = millisecondsSince(origin, calls[index]?.ts) ?? 0
    return {
      startMs,
      endMs: Math.max(startMs, millisecondsSince(origin, calls[index]?.ts_result) ?? startMs),
    }
  }

const millisecondsSince = (origin: number, text: string | null | undefined): number | undefined => {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : Math.max(0, time - origin)
}

const evenClock = (calls: readonly RawCall[], durationSeconds: number | undefined): CallClock => {
  const steps = calls.map((call, index) => call.step ?? index)
  const lastStep = steps.at(-1) ?? 0
  const stepMs = ((durationSeconds ?? defaultSecondsPerStep * (lastStep + 2)) * 1000) / (lastStep + 2)
  return (_call, index) => {
    const step = steps[index] ?? index
    const place = index - steps.indexOf(step)
    const startMs = stepMs * (step + 1) + place * parallelGapMs
    // Half a step for the tool, the rest for the model: results of a step are seen by the next one.
    return { startMs, endMs: startMs + Math.max(shortestCallMs, stepMs / 2) }
  }
}
