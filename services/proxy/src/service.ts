import type { RunningService } from '@cordon/lifecycle'
import { createTelemetry, openOperationsServer } from '@cordon/telemetry'

import type { ProxyConfig } from './config.ts'
import { openProxy } from './proxy.ts'

/** Starts the proxy; resolves when it listens. Ready once the engine is connected. */
export const startProxy = async (config: ProxyConfig): Promise<RunningService> => {
  const telemetry = createTelemetry({ service: 'proxy', logLevel: config.logLevel })
  const proxy = await openProxy(config, telemetry)
  const operations = await openOperationsServer({
    host: '127.0.0.1',
    port: config.operationsPort,
    telemetry,
    isLive: () => true,
    isReady: () => ({ ready: proxy.isConnected, reasons: proxy.isConnected ? [] : ['engine not connected'] }),
  })
  const servers = Object.keys(config.servers)
  telemetry.log.info(
    { host: config.host, port: proxy.port, operationsPort: operations.port, servers },
    'proxy listening',
  )
  return {
    log: telemetry.log,
    async drain() {
      await proxy.close()
      await operations.close()
    },
  }
}
