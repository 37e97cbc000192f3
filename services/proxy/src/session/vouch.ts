import type { InvocationId } from '@cordon/foundation'

import type { Engine } from '../ports.ts'
import type { Connection } from './connection.ts'

/**
 * Asks the engine for a token for what the proxy says to a server of its own accord, within a session of an agent that was let in.
 * @param method of the message, `answer` for one that has none, or `GET` and `DELETE`
 * @param invocationId the open call that is sent once more
 * @returns `undefined` where there is none: the server is asked without, and may refuse
 */
export type Vouch = (method: string, invocationId?: InvocationId) => Promise<string | undefined>

export const createVouch =
  (engine: Pick<Engine, 'vouch'>, connection: () => Pick<Connection, 'token' | 'server'>): Vouch =>
  async (method, invocationId) => {
    const { token, server } = connection()
    const { downstreamToken } = await engine.vouch({
      token,
      server,
      method,
      ...(invocationId !== undefined && { invocationId }),
    })
    return downstreamToken
  }
