/** Ctrl-C, or SIGTERM. */
export interface StopRequest {
  readonly requested: Promise<void>
  readonly signal: AbortSignal
  /** Signals mean again what they mean to any process. */
  close(): void
}

const signals = ['SIGINT', 'SIGTERM'] as const

/** One Ctrl-C arrives twice where npm passes on what the terminal sends to all: a person needs longer for two. */
const onePressMs = 500

export interface StopOptions {
  /** Ends the process as a signal does that nobody handles. */
  readonly endBy: (signal: NodeJS.Signals) => void
  /** Milliseconds. */
  readonly now: () => number
}

/** From now on a stop is a request. The second one is not: it ends the process, and the guardian takes the rest down. */
export const stopRequested = ({ endBy, now }: StopOptions = ofProcess): StopRequest => {
  let requestedAt: number | undefined
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const onSignal = (signal: NodeJS.Signals): void => {
    if (requestedAt !== undefined && now() - requestedAt < onePressMs) return
    if (requestedAt !== undefined) {
      close()
      console.error(
        'The stop was cut short: what still runs is taken down without this command waiting for it.',
      )
      endBy(signal)
      return
    }
    requestedAt = now()
    controller.abort()
    resolve()
  }
  const close = (): void => signals.forEach(signal => void process.off(signal, onSignal))
  for (const signal of signals) process.on(signal, onSignal)
  return { requested: promise, signal: controller.signal, close }
}

const ofProcess: StopOptions = {
  endBy: signal => void process.kill(process.pid, signal),
  now: () => performance.now(),
}
