import type { Era } from './era.ts'
import type { RpcMessage } from './json-rpc.ts'

interface ClientMethods {
  readonly era: Era
  readonly requests: readonly string[]
  readonly notifications: readonly string[]
}

/**
 * What a client may say, by the version of MCP whose schema defines it (`ClientRequest`, `ClientNotification`). The
 * earlier versions with sessions define nothing else. A method belongs to its era: no `tasks/cancel` without a session.
 */
const clientMethods: Readonly<Record<string, ClientMethods>> = {
  '2025-11-25': {
    era: 'sessionful',
    requests: [
      'initialize',
      'ping',
      'tools/list',
      'tools/call',
      'resources/list',
      'resources/templates/list',
      'resources/read',
      'resources/subscribe',
      'resources/unsubscribe',
      'prompts/list',
      'prompts/get',
      'completion/complete',
      'logging/setLevel',
      'tasks/get',
      'tasks/list',
      'tasks/result',
      'tasks/cancel',
    ],
    notifications: [
      'notifications/initialized',
      'notifications/cancelled',
      'notifications/progress',
      'notifications/roots/list_changed',
      'notifications/tasks/status',
    ],
  },
  '2026-07-28': {
    era: 'stateless',
    requests: [
      'server/discover',
      'tools/list',
      'tools/call',
      'resources/list',
      'resources/templates/list',
      'resources/read',
      'prompts/list',
      'prompts/get',
      'completion/complete',
      'subscriptions/listen',
    ],
    notifications: ['notifications/cancelled'],
  },
}

const known = (era: Era, kind: 'requests' | 'notifications'): ReadonlySet<string> =>
  new Set(
    Object.values(clientMethods)
      .filter(version => version.era === era)
      .flatMap(version => version[kind]),
  )

const requests: Readonly<Record<Era, ReadonlySet<string>>> = {
  sessionful: known('sessionful', 'requests'),
  stateless: known('stateless', 'requests'),
}

const notifications: Readonly<Record<Era, ReadonlySet<string>>> = {
  sessionful: known('sessionful', 'notifications'),
  stateless: known('stateless', 'notifications'),
}

/**
 * Whether the protocol knows the method, letter for letter, and as this kind of message. Nothing else is forwarded: a
 * server may be lenient, and run a tool for a call that has no id, or whose method is spelt otherwise; the engine would
 * not be asked.
 */
export const isClientMessage = (message: RpcMessage, era: Era): boolean => {
  switch (message.kind) {
    case 'request':
      return requests[era].has(message.method)
    case 'notification':
      return notifications[era].has(message.method)
    case 'response':
      // Without a session there is no request of a server that it could answer.
      return era === 'sessionful'
  }
}
