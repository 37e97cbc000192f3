// In place of `node:test` where a test is run by name, again and again, in one process. It stands for what the attacks use.

/** What a test is given. */
export interface TestContext {
  after(close: () => unknown): void
}

type Run = (context: TestContext) => unknown

const tests = new Map<string, Run>()

export const test = (name: string, run: Run): void => void tests.set(name, run)

/** Those of the module that was loaded along with this one. */
export const collectedTests = (): ReadonlyMap<string, Run> => tests
