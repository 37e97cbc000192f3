import type { RpcMessage } from './json-rpc.ts'

// MCP 2025-11-25 and earlier: everything that a client asks or tells a server.
const requests: ReadonlySet<string> = new Set([
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
  'tasks/result',
  'tasks/list',
  'tasks/cancel',
])
const notifications: ReadonlySet<string> = new Set([
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'notifications/tasks/status',
])

/**
 * Whether the protocol knows the method, and as this kind of message. Nothing else is forwarded: a server may be
 * lenient, and run a tool for a call that has no id, or whose method is spelt otherwise; the engine would not be asked.
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
