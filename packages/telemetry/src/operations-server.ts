import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Telemetry } from './telemetry.ts'

/** Whether a service may be sent work, and if not, why. */
export interface Readiness {
  readonly ready: boolean
  /** For an operator: what is waited for. Empty when ready. */
  readonly reasons: readonly string[]
}

export interface OperationsServerOptions {
  readonly host: string
  /** 0 lets the system choose; see `port` of the server. */
  readonly port: number
  readonly telemetry: Telemetry
  /** False only where nothing but a restart helps. */
  isLive(): boolean
  isReady(): Readiness
  /** Further public documents by their path, as JSON; asked on each request. */
  readonly documents?: Readonly<Record<string, () => object>>
}

export interface OperationsServer {
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves `/livez`, `/readyz` (200 or 503, with the reasons as JSON) and `/metrics` (Prometheus text).
 * Rejects when the port is taken.
 */
export const openOperationsServer = async (options: OperationsServerOptions): Promise<OperationsServer> => {
  const { documents } = options
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return respond(response, 405, { error: 'GET only' })
    const path = request.url?.split('?', 1)[0] ?? ''
    if (documents !== undefined && Object.hasOwn(documents, path))
      return respond(response, 200, documents[path]!())
    switch (path) {
      case '/livez': {
        const live = options.isLive()
        return respond(response, live ? 200 : 503, { live })
      }
      case '/readyz': {
        const { ready, reasons } = options.isReady()
        return respond(response, ready ? 200 : 503, { ready, reasons })
      }
      case '/metrics':
        return void respondWithMetrics(response, options.telemetry)
      default:
        return respond(response, 404, { error: 'expected /livez, /readyz or /metrics' })
    }
  })
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      // A scraper keeps its connection open; it must not hold up a drained service.
      server.closeAllConnections()
      await closed
    },
  }
}

const respond = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}

const respondWithMetrics = async (response: ServerResponse, telemetry: Telemetry): Promise<void> => {
  try {
    const text = await telemetry.metrics()
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    response.end(text)
  } catch (error) {
    telemetry.log.error({ error }, 'metrics could not be collected')
    respond(response, 500, { error: 'metrics could not be collected' })
  }
}
