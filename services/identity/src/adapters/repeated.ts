/** Does something again and again, one after the other. @returns stops it, and waits for what is under way */
export const startRepeated = (
  periodMs: number,
  run: () => Promise<void>,
  onFault: (error: unknown) => void,
): (() => Promise<void>) => {
  let underway: Promise<void> | undefined

  const runOnce = async (): Promise<void> => {
    try {
      await run()
    } catch (error) {
      onFault(error)
    } finally {
      underway = undefined
    }
  }

  const timer = setInterval(() => {
    underway ??= runOnce()
  }, periodMs)
  return async () => {
    clearInterval(timer)
    await underway
  }
}
