/** Ctrl-C, or SIGTERM. */
export interface StopRequest {
  readonly requested: Promise<void>
  readonly signal: AbortSignal
  /** Signals mean again what they mean to any process. */
  close(): void
}

/** From now on a stop is a request. The second one is not: it ends the process, and the guardian takes the rest down. */
export const stopRequested = (): StopRequest => {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const onStop = (): void => {
    controller.abort()
    resolve()
  }
  process.once('SIGINT', onStop)
  process.once('SIGTERM', onStop)
  return {
    requested: promise,
    signal: controller.signal,
    close: () => {
      process.off('SIGINT', onStop)
      process.off('SIGTERM', onStop)
    },
  }
}
