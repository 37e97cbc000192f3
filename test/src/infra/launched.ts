import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

/** What a launcher says once everything that it starts is ready. */
export interface LaunchReport {
  readonly pids: readonly number[]
  /** Gone with the run. */
  readonly folders: readonly string[]
  readonly facts: Readonly<Record<string, string>>
}

export interface Launched extends LaunchReport {
  readonly kill: (signal: NodeJS.Signals) => Promise<void>
}

/** Runs a launcher of this folder as a process of its own and waits for its report. */
export const launch = async (
  t: TestContext,
  file: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Launched> => {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    return {
      ...(JSON.parse(line) as LaunchReport),
      kill: async signal => {
        child.kill(signal)
        await exited
      },
    }
  }
  return assert.fail(`${file}: expected a report, got none`)
}

/** Called by a launcher: reports, and stays until it is killed. */
export const reportAndStay = (report: LaunchReport): void => {
  console.log(JSON.stringify(report))
  setInterval(() => undefined, 60_000)
}
