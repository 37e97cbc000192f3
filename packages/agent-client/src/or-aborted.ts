/**
 * Waits for what takes no signal.
 * @throws the signal's reason as soon as it aborts; what was waited for goes on
 */
export const orAborted = async <T>(awaited: Promise<T>, signal: AbortSignal): Promise<T> => {
  const left = Promise.withResolvers<never>()
  const leave = (): void => left.reject(signal.reason as Error)
  signal.addEventListener('abort', leave)
  if (signal.aborted) leave()
  try {
    return await Promise.race([left.promise, awaited])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
