import type { RpcMessage } from './json-rpc.ts'

interface ClientMethods {
  readonly requests: readonly string[]
  readonly notifications: readonly string[]
}

/**
 * What a client may say, by the version of MCP whose schema defines it (`ClientRequest`, `ClientNotification`). The
 * earlier versions with sessions define nothing else.
 */
const clientMethods: Readonly<Record<string, ClientMethods>> = {
  '2025-11-25': {
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
}

const versions = Object.values(clientMethods)
const requests: ReadonlySet<string> = new Set(versions.flatMap(version => version.requests))
const notifications: ReadonlySet<string> = new Set(versions.flatMap(version => version.notifications))

/**
 * Whether the protocol knows the method, letter for letter, and as this kind of message. Nothing else is forwarded: a
 * server may be lenient, and run a tool for a call that has no id, or whose method is spelt otherwise; the engine would
 * not be asked.
 */
export const isClientMessage = (message: RpcMessage): boolean => {
  switch (message.kind) {
    case 'request':
      return requests.has(message.method)
    case 'notification':
      return notifications.has(message.method)
    case 'response':
      return true
  }
}
