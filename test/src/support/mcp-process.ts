import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import type { Cleanup } from './cleanup.ts'

/** Starts a program that serves with `serveMcp`. @returns where it listens */
export const startMcpProcess = async (cleanup: Cleanup, program: string): Promise<string> => {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  cleanup.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return `http://127.0.0.1:${port}/mcp`
}
