import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { findFreePort } from '@cordon/infra'

import { eventually } from '../support/eventually.ts'
import type { ToolServers } from './proxy-world.ts'

const entry = fileURLToPath(new URL('modern-server.process.ts', import.meta.url))

/** Whether it also serves clients of the older era. */
export type OlderClients = 'serve' | 'reject'

export const modernOnStdio = (older: OlderClients): ToolServers => ({
  modern: { transport: 'stdio', command: process.execPath, args: [entry, 'stdio', older], env: {} },
})

/** In a process of its own. */
export const modernOverHttp = async (test: TestContext, older: OlderClients): Promise<ToolServers> => {
  const port = await findFreePort()
  const child = spawn(process.execPath, [entry, String(port), older], { stdio: 'ignore' })
  test.after(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  })
  const url = `http://127.0.0.1:${port}/mcp`
  await eventually('the server listens', async () => {
    try {
      await (await fetch(url)).text()
      return true
    } catch {
      return false
    }
  })
  return { modern: { transport: 'http', url, headers: {} } }
}
