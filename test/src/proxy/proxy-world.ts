import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

import { findFreePort } from '@cordon/infra'
import { openProxy } from '@cordon/proxy'
import type { Proxy, ProxyOptions } from '@cordon/proxy'
import { createTelemetry } from '@cordon/telemetry'
import type { Telemetry } from '@cordon/telemetry'

import { eventually } from '../support/eventually.ts'
import type { ScriptedEngine } from './scripted-engine.ts'
import { startScriptedEngine } from './scripted-engine.ts'
import { processEnvironment } from '../support/process-environment.ts'

const require = createRequire(import.meta.url)

/** The reference server's command. */
export const everythingEntry: string = join(
  dirname(require.resolve('@modelcontextprotocol/server-everything/package.json')),
  'dist',
  'index.js',
)

export type ToolServers = ProxyOptions['servers']

/** The reference server as a child of the proxy. */
export const everythingOnStdio: ToolServers = {
  everything: { transport: 'stdio', command: process.execPath, args: [everythingEntry, 'stdio'], env: {} },
}

/** A proxy in this process, in front of real servers, with an engine that the test scripts. */
export interface ProxyWorld {
  readonly engine: ScriptedEngine
  readonly proxy: Proxy
  readonly telemetry: Telemetry
  readonly urlOf: (server: string) => URL
}

export const openProxyWorld = async (
  test: TestContext,
  servers: ToolServers,
  options: Partial<ProxyOptions> = {},
): Promise<ProxyWorld> => {
  const engine = await startScriptedEngine(test)
  const telemetry = createTelemetry({ service: 'proxy', logLevel: 'error' })
  const proxy = await openProxy(
    {
      host: '127.0.0.1',
      port: 0,
      publicUrl: undefined,
      authorizationServer: undefined,
      engineSocket: engine.socketPath,
      servers,
      callTimeoutMs: 30_000,
      maxCallMs: 60_000,
      logServerErrors: false,
      idleTimeoutMs: 60_000,
      childEnvironment: processEnvironment(),
      ...options,
    },
    telemetry,
  )
  test.after(() => proxy.close())
  await eventually('the engine is connected', () => proxy.isConnected)
  return {
    engine,
    proxy,
    telemetry,
    urlOf: server => new URL(`http://127.0.0.1:${proxy.port}/mcp/${server}`),
  }
}

/** The reference server over HTTP, in a process of its own. */
export const startEverythingOverHttp = async (test: TestContext): Promise<string> => {
  const port = await findFreePort()
  const child: ChildProcess = spawn(process.execPath, [everythingEntry, 'streamableHttp'], {
    env: { ...processEnvironment(), PORT: String(port) },
    stdio: 'ignore',
  })
  test.after(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  })
  const url = `http://127.0.0.1:${port}/mcp`
  await eventually('the reference server listens', async () => {
    try {
      await (await fetch(url)).text()
      return true
    } catch {
      return false
    }
  })
  return url
}
