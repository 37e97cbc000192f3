import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { OnProgress, Stack } from '@cordon/infra'
import { openWorkplace, startStack } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import type { Cleanup } from './authorizing-forwarder.ts'
import { startAuthorizingForwarder } from './authorizing-forwarder.ts'
import { conformanceTools } from './conformance-tools.ts'

const serverProgram = fileURLToPath(new URL('conformance-server.process.ts', import.meta.url))

/** The ways to one and the same server. */
export interface ConformanceWorld {
  readonly direct: string
  /** By what the server behind Cordon speaks. */
  readonly throughCordon: Readonly<Record<Transport, string>>
}

export type Transport = 'http' | 'stdio'

/** The conformance server, and every service of Cordon as it is deployed in front of it. */
export const openConformanceWorld = async (
  cleanup: Cleanup,
  onProgress: OnProgress,
): Promise<ConformanceWorld> => {
  const direct = await startServer(cleanup)
  const workplace = await openWorkplace({ environment: process.env, onProgress })
  cleanup.after(() => workplace.close())
  const bundleFile = join(workplace.folder, 'bundle.json')
  const baselinesFile = join(workplace.folder, 'baselines.json')
  await writeFile(bundleFile, JSON.stringify(bundle))
  await writeFile(baselinesFile, encodeBaselines(emptyBaselines))
  const stack = await startStack(workplace, {
    partitions: 2,
    topicPrefix: `conformance-${randomBytes(6).toString('hex')}-`,
    tools: {
      bundleFile,
      baselinesFile,
      toolServers: {
        http: { transport: 'http', url: direct, headers: {} },
        stdio: { transport: 'stdio', command: process.execPath, args: [serverProgram, 'stdio'] },
      },
    },
  })
  const tokens = await openSession(stack)
  const forwarder = (transport: Transport): Promise<string> =>
    startAuthorizingForwarder(cleanup, `${stack.proxyUrl}/mcp/${transport}`, tokens[transport])
  return { direct, throughCordon: { http: await forwarder('http'), stdio: await forwarder('stdio') } }
}

/** All on record before it is forwarded, which is the longest way that does not depend on what a call is worth. */
const sensitive = { readOnly: true, sensitivity: 2, mode: 'enforce' }
const tools = [...conformanceTools.map(({ name }) => name), 'resources:read', 'prompts:get']
const bundle = {
  version: 1,
  catalogue: Object.fromEntries(
    tools.flatMap(name => [
      [`http/${name}`, sensitive],
      [`stdio/${name}`, sensitive],
    ]),
  ),
  roles: { tester: { priorLogit: -6 } },
  // Nothing that a scenario does is a question of risk.
  thresholds: { verify: 100, readOnly: 100, suspend: 100 },
  failSafe: { staleAfterMs: 10_000, gateTimeoutMs: 5_000, recordTimeoutMs: 5_000 },
}

const startServer = async (cleanup: Cleanup): Promise<string> => {
  const child = spawn(process.execPath, [serverProgram], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  cleanup.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return `http://127.0.0.1:${port}/mcp`
}

const openSession = async ({ identityUrl, startupSecret }: Stack): Promise<Record<Transport, string>> => {
  const response = await fetch(`${identityUrl}/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${startupSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      human: 'alice@example.org',
      agentId: 'conformance-suite',
      role: 'tester',
      platform: 'test',
      tools: ['http/*', 'stdio/*'],
    }),
  })
  const { tokens } = (await response.json()) as { tokens: Record<Transport, string> }
  return tokens
}
