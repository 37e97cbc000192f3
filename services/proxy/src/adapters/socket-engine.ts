import type { EngineClientEvent } from '@cordon/engine-socket'
import { createEngineClient } from '@cordon/engine-socket'

import type { Engine } from '../ports.ts'

/** The engine behind its Unix socket, to be closed with the proxy. */
export interface SocketEngine extends Engine {
  close(): Promise<void>
}

export const openSocketEngine = (
  socketPath: string,
  onEvent: (event: EngineClientEvent) => void,
): SocketEngine => {
  const client = createEngineClient({ socketPath, onEvent })
  return {
    get connected() {
      return client.connected
    },
    authorize: call => client.authorize(call),
    admit: session => client.admit(session),
    reportOutcome: outcome => client.report(outcome),
    close: () => client.close(),
  }
}
