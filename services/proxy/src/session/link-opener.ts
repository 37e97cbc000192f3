import type { SessionId } from '@cordon/foundation'

import { humanOf } from '../core/token-claims.ts'
import type { Client } from '../core/stateless/client.ts'
import { openLinkUpstream } from '../upstream/link/link-upstream.ts'
import { vouchedServers } from '../upstream/vouched-servers.ts'
import { createConnection } from './connection.ts'
import { createExchanges } from './exchanges.ts'
import type { Link } from './link.ts'
import type { SessionParts } from './session-opener.ts'
import { createVouch } from './vouch.ts'

export interface NewLink {
  readonly server: string
  readonly owner: SessionId
  readonly token: string
  readonly client: Client
}

/** The link that a request goes over; the first one opens it. @returns `undefined` where there are too many */
export const findLink = (parts: SessionParts, link: NewLink): Link | undefined => {
  const id = keyOf(link)
  return parts.sessions.findLink(id) ?? openLink(parts, link, id)
}

/** No header can name it as an MCP session: it has a line feed. Of capabilities `clientOf` leaves a few known words, always in one order. */
const keyOf = ({ server, owner, client }: NewLink): string =>
  `${server}\n${owner}\n${JSON.stringify(client.capabilities)}`

const openLink = (
  parts: SessionParts,
  { server, owner, token, client }: NewLink,
  id: string,
): Link | undefined => {
  const { engine, results, timers, events, sessions, callTimeoutMs, maxCallMs } = parts
  const toolServer = parts.servers[server]
  if (toolServer === undefined || !sessions.makeRoom(owner, humanOf(token) ?? owner, timers.now()))
    return undefined
  const exchanges = createExchanges({
    owner,
    server,
    engine,
    results,
    timers,
    events,
    callTimeoutMs,
    maxCallMs,
    onGivenUp: exchange => upstream.cancel(exchange),
  })
  const connection = createConnection({
    id,
    server,
    owner,
    token,
    exchanges,
    ongoing: () => upstream.held,
    endUpstream: () => upstream.end(),
    onEnd(why, closed) {
      sessions.remove(link)
      sessions.closing(closed)
      events.mcpSessionEnded(server, why)
    },
  })
  const vouch = createVouch(engine, () => connection)
  const upstream = openLinkUpstream({
    ...parts,
    httpServers: vouchedServers(parts.httpServers, vouch),
    vouch,
    name: server,
    server: toolServer,
    exchanges,
    client,
    onOpen: () => connection.initialized(),
    onGone: () =>
      void connection.end(connection.state === 'starting' ? 'initialize_failed' : 'upstream_gone'),
  })
  const link: Link = Object.assign(connection, {
    upstream,
    open: (...[request, reply]: Parameters<Link['open']>) =>
      exchanges.open(request, reply, upstream.idFor(request)),
  })
  sessions.addLink(link)
  return link
}
