import { jsonExcess } from '@cordon/foundation'

import type { VouchAnswer, VouchRequest } from '@cordon/engine-socket'

import type { OwnMessage } from '../core/own-message.ts'
import { listedFacts, type ToolDefinitions } from '../core/tool-definitions.ts'
import type { Engine } from '../ports.ts'
import type { Connection } from './connection.ts'
import type { Exchange } from './exchange.ts'

/**
 * Asks the engine for a token for what the proxy says to a server of its own accord, within a session of an agent that was let in.
 * @returns `undefined` where there is none: the server is asked without, and may refuse
 */
export type Vouch = (message: OwnMessage) => Promise<string | undefined>

/** What a call that is made again says beside its arguments, and how its agent proved that. */
export type Said = Pick<OwnMessage, 'content' | 'saidAs'>

/** A call that the engine let pass, and which tool it is of. */
export type PassedCall = Pick<Exchange, 'invocationId' | 'tool'>

/** Asks the engine whether such a call may be sent once more, with what its server asked for, and with which token. */
export type Repeat = (call: PassedCall, said: Said) => Promise<VouchAnswer>

type TokenHolder = () => Pick<Connection, 'token' | 'server'>

export const createVouch =
  (engine: Pick<Engine, 'vouch'>, connection: TokenHolder): Vouch =>
  async ({ method, ...said }) => {
    const { token, server } = connection()
    return (await engine.vouch({ token, server, method, ...bounded(said) })).downstreamToken
  }

export const createRepeat =
  (
    engine: Pick<Engine, 'vouch'>,
    connection: () => Pick<Connection, 'token' | 'server' | 'owner'>,
    definitions: Pick<ToolDefinitions, 'find'>,
  ): Repeat =>
  async ({ invocationId, tool = '' }, said) => {
    const { token, server, owner } = connection()
    return engine.vouch({
      token,
      server,
      ...(invocationId !== undefined && { invocationId }),
      ...listedFacts(definitions.find(owner, server, tool)),
      ...bounded(said),
    })
  }

/** Half of a frame to the engine, and no more members and items than one message of an agent has. */
const maxBytes = 512 * 1024
const bounds = { levels: Number.POSITIVE_INFINITY, items: 20_000 }

/** What is larger than any usual answer is not shown to the engine, and goes without a token. */
const bounded = ({ content, saidAs }: Said): Said & Pick<VouchRequest, 'leftOutBytes'> => {
  const text = JSON.stringify([content, saidAs])
  const leftOutBytes = Buffer.byteLength(text)
  if (leftOutBytes > maxBytes || jsonExcess(text, bounds) !== undefined) return { leftOutBytes }
  return { ...(content && { content }), ...(saidAs && { saidAs }) }
}
