import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openWorkplace, startStack, type ServiceName, type Stack, type Workplace } from '@cordon/infra'
import { closedIdentity } from '@cordon/policy'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'
import { openKafkaClient, type StreamClient } from '@cordon/stream'
import { openHolderKey } from '@cordon/tokens'

import { type ExchangeParties, makeExchangeParties } from '../identity/exchange-requests.ts'
import { profilerOptions } from '../stack/bench-backbone.ts'
import type { HeldSession, McpTarget } from './mcp-caller.ts'
import { proxyBundle } from './proxy-bundle.ts'

/** Broker, registry, identity, scorer, engine and proxy, each its own process, in front of one tool server. */
export interface ProxyStack {
  readonly broker: string
  readonly folder: string
  readonly client: StreamClient
  /** Of what was started here; a broker that was there before is not among them. */
  readonly pids: Readonly<Record<string, number>>
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
  const parties = await makeExchangeParties(closedIdentity.limits, ['bench/*'])
  const bundleFile = join(workplace.folder, 'bundle.json')
  const baselinesFile = join(workplace.folder, 'baselines.json')
  await writeFile(bundleFile, JSON.stringify({ ...proxyBundle, identity: parties.policy }))
  await writeFile(baselinesFile, encodeBaselines(emptyBaselines))
  const stack = await startStack(workplace, {
    partitions: 4,
    run: 'long',
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
    pids: {
      ...(stack.broker.process && { broker: stack.broker.process.pid }),
      ...Object.fromEntries(services.map(service => [service, stack.services[service].process.pid])),
    },
    openTargets: count =>
      Promise.all(
        Array.from({ length: count }, async () => ({
          port,
          path: '/mcp/bench',
          session: await openSession(stack, parties),
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
const openSession = async ({ identityUrl }: Stack, parties: ExchangeParties): Promise<HeldSession> => {
  const seed = randomBytes(32)
  const request = parties.request(identityUrl, openHolderKey(seed))
  const response = await fetch(new URL('/token', identityUrl), { method: 'POST', ...request })
  if (!response.ok) throw new Error(`identity: expected a session, got ${response.status}`)
  const { access_token: token } = (await response.json()) as { readonly access_token: string }
  return { token, seed: seed.toString('hex') }
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
