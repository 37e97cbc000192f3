import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openWorkplace, startStack, type ServiceName, type Stack, type Workplace } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'
import { openKafkaClient, type StreamClient } from '@cordon/stream'
import { openHolderKey } from '@cordon/tokens'

import { profilerOptions } from '../stack/bench-backbone.ts'
import type { HeldSession, McpTarget } from './mcp-caller.ts'
import { benchRole, proxyBundle } from './proxy-bundle.ts'

/** Broker, registry, identity, scorer, engine and proxy, each its own process, in front of one tool server. */
export interface ProxyStack {
  readonly broker: string
  readonly folder: string
  readonly client: StreamClient
  /** Opens sessions, and says how their calls reach the tool server. */
  openTargets(count: number): Promise<readonly McpTarget[]>
  metrics(service: ServiceName): Promise<string>
  close(): Promise<void>
}

const services = ['identity', 'scorer', 'engine', 'proxy'] as const

export const startProxyStack = async (toolServerPort: number): Promise<ProxyStack> => {
  const workplace = await openWorkplace({
    environment: process.env,
    onProgress: ({ part, state, text }) => {
      if (state === 'ready') console.error(`${part}: ${text}`)
    },
  })
  try {
    return await startOn(workplace, toolServerPort)
  } catch (error) {
    await workplace.close()
    throw error
  }
}

const startOn = async (workplace: Workplace, toolServerPort: number): Promise<ProxyStack> => {
  const bundleFile = join(workplace.folder, 'bundle.json')
  const baselinesFile = join(workplace.folder, 'baselines.json')
  await writeFile(bundleFile, JSON.stringify(proxyBundle))
  await writeFile(baselinesFile, encodeBaselines(emptyBaselines))
  const stack = await startStack(workplace, {
    partitions: 4,
    topicPrefix: `${process.env['CORDON_TOPIC_PREFIX'] ?? ''}bench-${randomBytes(4).toString('hex')}-`,
    tools: {
      bundleFile,
      baselinesFile,
      toolServers: { bench: { transport: 'http', url: `http://127.0.0.1:${toolServerPort}/mcp` } },
    },
    variables: Object.fromEntries(services.map(service => [service, profilerOptions()])),
  })
  const client = openKafkaClient(stack.broker.settings, { log: quiet })
  const port = Number(new URL(stack.proxyUrl).port)
  return {
    broker: stack.broker.description,
    folder: workplace.folder,
    client,
    openTargets: count =>
      Promise.all(
        Array.from({ length: count }, async () => ({
          port,
          path: '/mcp/bench',
          session: await openSession(stack),
        })),
      ),
    metrics: async service => await (await fetch(`${stack.services[service].operationsUrl}/metrics`)).text(),
    close: async () => {
      await client.close()
      await workplace.close()
    },
  }
}

/** @returns its token for the tool server, valid for 5 minutes, and its key */
const openSession = async ({ identityUrl, startupSecret }: Stack): Promise<HeldSession> => {
  const seed = randomBytes(32)
  const response = await fetch(new URL('/sessions', identityUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${startupSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      human: 'bench@example.com',
      agentId: 'bench-agent',
      role: benchRole,
      platform: 'bench',
      tools: ['bench/*'],
      holder: openHolderKey(seed).thumbprint,
    }),
  })
  if (response.status !== 201) throw new Error(`identity: expected a session, got ${response.status}`)
  const { tokens } = (await response.json()) as { readonly tokens: Readonly<Record<string, string>> }
  return { token: tokens['bench']!, seed: seed.toString('hex') }
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
