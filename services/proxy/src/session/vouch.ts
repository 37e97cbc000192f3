import type { InvocationId } from '@cordon/foundation'

import type { VouchAnswer } from '@cordon/engine-socket'

import type { Engine } from '../ports.ts'
import type { Connection } from './connection.ts'

/**
 * Asks the engine for a token for what the proxy says to a server of its own accord, within a session of an agent that was let in.
 * @param method of the message, `answer` for one that has none, or `GET` and `DELETE`
 * @returns `undefined` where there is none: the server is asked without, and may refuse
 */
export type Vouch = (method: string) => Promise<string | undefined>

/** Asks the engine whether a call that it let pass may be sent once more, with what its server asked for, and with which token. */
export type Repeat = (invocationId: InvocationId | undefined) => Promise<VouchAnswer>

type TokenHolder = () => Pick<Connection, 'token' | 'server'>

export const createVouch =
  (engine: Pick<Engine, 'vouch'>, connection: TokenHolder): Vouch =>
  async method => {
    const { token, server } = connection()
    return (await engine.vouch({ token, server, method })).downstreamToken
  }

export const createRepeat =
  (engine: Pick<Engine, 'vouch'>, connection: TokenHolder): Repeat =>
  async invocationId => {
    const { token, server } = connection()
    return engine.vouch({ token, server, ...(invocationId !== undefined && { invocationId }) })
  }
