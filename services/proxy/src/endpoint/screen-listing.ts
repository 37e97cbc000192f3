import type { SessionId } from '@cordon/foundation'

import type { Exchange } from '../session/exchange.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'

/** So many names the engine takes at once. */
const maxTold = 64

/**
 * Has the answer to `tools/list` looked at before its agent gets it.
 * @param pins of the server's tools: see `AdmitReply`
 */
export const screenListing = (
  { definitions, engine, events }: Pick<EndpointParts, 'definitions' | 'engine' | 'events'>,
  { server, token }: Pick<Caller, 'server' | 'token'>,
  exchange: Exchange,
  { sessionId, pins = {} }: { readonly sessionId: SessionId; readonly pins: Pins | undefined },
): void => {
  if (exchange.method !== 'tools/list') return
  exchange.screen = response => {
    const { result, withheld, changed } = definitions.screen({ sessionId, server, pins }, response.result)
    if (withheld.length > 0) events.toolsWithheld(server, withheld)
    if (changed.length > 0) events.toolsChanged(server, changed)
    const unpinned = withheld.filter(({ cause }) => cause === 'unpinned').map(({ name }) => name)
    // Who subscribes to signals hears of it from the engine; the agent does not wait for that.
    if (unpinned.length > 0) void engine.vouch({ token, server, withheld: unpinned.slice(0, maxTold) })
    return result === response.result ? response : { ...response, result }
  }
}

type Pins = Readonly<Record<string, string>>
