import type { TestContext } from './test-module.ts'

/** Far more than any attack takes. */
const limitMs = 60_000

/** @returns why it failed; `undefined` where it passed */
export const runTest = async (run: (context: TestContext) => unknown): Promise<Error | undefined> => {
  const closings: (() => unknown)[] = []
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`expected an end within ${limitMs} ms, got none`)), limitMs)
  try {
    await Promise.race([run({ after: close => void closings.push(close) }), late])
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    clearTimeout(timer)
    for (const close of closings) await close()
  }
}
