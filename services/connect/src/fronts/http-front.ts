import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { CordonError } from '@cordon/foundation'

import { networkCodeOf } from '../adapters/network-fault.ts'
import { checkLoopback } from '../broker/check-loopback.ts'
import { createGateway } from '../broker/gateway.ts'
import { closeServer, type OpenServer } from '../broker/socket-server.ts'
import type { ConnectErrorCode } from '../core/error-code.ts'
import type { Upstream } from '../ports.ts'
import { createLastingSessions } from './lasting-sessions.ts'

/** Serves MCP over HTTP on this machine alone, for clients that bring no credentials. */
export const openHttpFront = async (options: {
  readonly upstream: Upstream
  /** 0 lets the system choose. */
  readonly port: number
  readonly onFault: (error: unknown) => void
}): Promise<OpenServer & { readonly url: string }> => {
  const { onFault } = options
  const upstream = createLastingSessions(options.upstream)
  const server = createServer(createGateway({ upstream, onFault, check: checkLoopback }))
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause => reject(unavailable(options.port, cause)))
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) }
}

const unavailable = (port: number, cause: unknown): CordonError<ConnectErrorCode> =>
  new CordonError(
    'PORT_UNAVAILABLE',
    `--listen ${port}: expected a free port of this machine, got ${networkCodeOf(cause)}`,
    { cause },
  )
