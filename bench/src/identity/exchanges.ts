import { Agent, request as httpRequest } from 'node:http'

import { findFreePort } from '@cordon/infra'
import type { CatalogueEntry } from '@cordon/policy'
import { emptyBaselines } from '@cordon/risk'

import { cpuSeconds } from '../process/cpu-seconds.ts'
import type { Figure } from '../report.ts'
import { openBenchBackbone } from '../stack/bench-backbone.ts'
import { plainBundle } from '../stack/plain-bundle.ts'
import {
  type ExchangeParties,
  type ExchangeRequest,
  makeExchangeParties,
  tools,
} from './exchange-requests.ts'

export interface ExchangeLoad {
  readonly warmUpExchanges: number
  readonly exchanges: number
  /** Under way at once. */
  readonly connections: number
}

const hourMs = 3_600_000
const entry: CatalogueEntry = { readOnly: true, sensitivity: 1, mode: 'enforce', resources: [] }

/**
 * Token exchanges of the real service, over HTTP, its embedded database, Kafka and a real scorer's first decision included.
 * @returns figures, and how many were not granted
 */
export const measureExchanges = async (
  load: ExchangeLoad,
): Promise<{ readonly figures: Record<string, Figure>; readonly refused: number }> => {
  const parties = await makeExchangeParties({
    sessionLifeMs: hourMs,
    idleMs: hourMs,
    renewalGraceMs: hourMs,
  })
  const bundle = {
    ...plainBundle,
    roles: { bench: { priorLogit: -4 } },
    catalogue: Object.fromEntries(tools.map(tool => [tool, entry])),
    identity: parties.policy,
  }
  const backbone = await openBenchBackbone({ partitions: 4, bundle, baselines: emptyBaselines })
  try {
    await backbone.startScorer('scorer')
    const issuer = new URL(`http://127.0.0.1:${await findFreePort()}`)
    const { pid } = await backbone.startIdentity(issuer)
    await exchange(parties, issuer, { ...load, exchanges: load.warmUpExchanges })
    const cpuBefore = await cpuSeconds(pid)
    const { seconds, durations, refused } = await exchange(parties, issuer, load)
    const cpu = (await cpuSeconds(pid)) - cpuBefore
    return {
      refused,
      figures: {
        perCpuSecondOfProcess: Math.round(load.exchanges / cpu),
        perSecond: Math.round(load.exchanges / seconds),
        cpuMillisecondsEach: Number(((cpu / load.exchanges) * 1000).toFixed(2)),
        p50: Math.round(quantile(durations, 0.5)),
        p99: Math.round(quantile(durations, 0.99)),
      },
    }
  } finally {
    await backbone.close()
  }
}

const exchange = async (
  parties: ExchangeParties,
  issuer: URL,
  { exchanges, connections }: Pick<ExchangeLoad, 'exchanges' | 'connections'>,
): Promise<{ readonly seconds: number; readonly durations: readonly number[]; readonly refused: number }> => {
  // Signed before, so that the load takes no more of the machine than it must.
  const requests = Array.from({ length: exchanges }, () => parties.request(issuer.origin))
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const durations: number[] = []
  let refused = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let next = requests.pop(); next !== undefined; next = requests.pop()) {
        const from = performance.now()
        if ((await post(issuer, next, agent)) !== 200) refused += 1
        durations.push(performance.now() - from)
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  return { seconds, durations, refused }
}

const post = async (issuer: URL, { headers, body }: ExchangeRequest, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(new URL('/token', issuer), { method: 'POST', headers, agent }, response => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
  })

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
