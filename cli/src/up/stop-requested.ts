/** Ctrl-C, or SIGTERM. */
export interface StopRequest {
  readonly requested: Promise<void>
  readonly signal: AbortSignal
  /** Signals mean again what they mean to any process. */
  close(): void
}

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * From now on a stop is a request. The second one is not: it ends the process, and the guardian takes the rest down.
 * @param endBy ends the process as a signal does that nobody asked for
 */
export const stopRequested = (endBy: (signal: NodeJS.Signals) => void = endProcessBy): StopRequest => {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const onSignal = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      close()
      console.error(
        'The stop was cut short: what still runs is taken down without this command waiting for it.',
      )
      endBy(signal)
      return
    }
    controller.abort()
    resolve()
  }
  const close = (): void => signals.forEach(signal => void process.off(signal, onSignal))
  for (const signal of signals) process.on(signal, onSignal)
  return { requested: promise, signal: controller.signal, close }
}

const endProcessBy = (signal: NodeJS.Signals): void => void process.kill(process.pid, signal)
