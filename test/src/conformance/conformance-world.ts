import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { OnProgress } from '@cordon/infra'
import { openWorkplace, startStack } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import type { Cleanup } from '../support/cleanup.ts'
import { openSession } from '../support/opened-session.ts'
import { startProvingForwarder } from '../support/proving-forwarder.ts'
import { startMcpProcess } from '../support/mcp-process.ts'
import { testIdentity } from '../support/test-identity.ts'
import type { ConformanceEra } from './conformance-era.ts'

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
  { serverProgram, tools }: ConformanceEra,
  onProgress: OnProgress,
): Promise<ConformanceWorld> => {
  const direct = await startMcpProcess(cleanup, serverProgram)
  const workplace = await openWorkplace({ environment: process.env, onProgress })
  cleanup.after(() => workplace.close())
  const bundleFile = join(workplace.folder, 'bundle.json')
  const baselinesFile = join(workplace.folder, 'baselines.json')
  await writeFile(bundleFile, JSON.stringify(bundleOf(tools)))
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
  const session = await openSession(stack, ['http', 'stdio'])
  assert.ok(session, 'expected a session, got none')
  // The suite has no way to send a token and a proof, and Cordon lets nobody in without: something in front adds them.
  const authorized = async (transport: Transport): Promise<string> => {
    const token = session.tokens[transport] ?? ''
    return startProvingForwarder(cleanup, `${stack.proxyUrl}/mcp/${transport}`, session.holder, token)
  }
  return { direct, throughCordon: { http: await authorized('http'), stdio: await authorized('stdio') } }
}

/** All on record before it is forwarded, which is the longest way that does not depend on what a call is worth. */
const sensitive = { readOnly: true, sensitivity: 2, mode: 'enforce' }
const bundleOf = (tools: readonly string[]) => ({
  version: 1,
  catalogue: Object.fromEntries(
    [...tools, 'resources:read', 'prompts:get'].flatMap(name => [
      [`http/${name}`, sensitive],
      [`stdio/${name}`, sensitive],
    ]),
  ),
  roles: { support: { priorLogit: -6 } },
  // Nothing that a scenario does is a question of risk.
  thresholds: { verify: 100, readOnly: 100, suspend: 100 },
  failSafe: { staleAfterMs: 10_000, gateTimeoutMs: 5_000, recordTimeoutMs: 5_000 },
  identity: testIdentity(['http', 'stdio']),
})
