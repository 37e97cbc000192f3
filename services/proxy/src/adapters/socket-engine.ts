import type { EngineClientEvent } from '@cordon/engine-socket'
import { createEngineClient } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'

import type { CallOutcome, Engine } from '../ports.ts'

/** The engine behind its Unix socket, to be closed with the proxy. */
export interface SocketEngine extends Engine {
  close(): Promise<void>
}

export const openSocketEngine = (
  socketPath: string,
  onEvent: (event: EngineClientEvent) => void,
  /** `undefined`: any session may have changed. */
  onChanged: (sessionId: SessionId | undefined) => void,
): SocketEngine => {
  const client = createEngineClient({ socketPath, onEvent, onChanged })
  const unread: (() => CallOutcome)[] = []
  let reading: NodeJS.Immediate | undefined

  let nonce = ''

  /** A restarted engine has others: the latest answer counts. */
  const heard = async <Answer extends { readonly nonce: string }>(
    answer: Promise<Answer>,
  ): Promise<Answer> => {
    const said = await answer
    if (said.nonce !== '') nonce = said.nonce
    return said
  }

  const report = (): void => {
    clearImmediate(reading)
    reading = undefined
    for (const read of unread.splice(0)) client.report(read())
  }

  return {
    get connected() {
      return client.connected
    },
    get nonce() {
      return nonce
    },
    authorize(call) {
      report()
      return heard(client.authorize(call))
    },
    admit(session) {
      report()
      return heard(client.admit(session))
    },
    vouch(session) {
      report()
      return heard(client.vouch(session))
    },
    reportOutcome(read) {
      unread.push(read)
      // Node writes an answer in the same turn, and reads nothing more before this.
      reading ??= setImmediate(report)
    },
    close() {
      report()
      return client.close()
    },
  }
}
