import type { RpcNotification, RpcRequest } from './json-rpc.ts'

/**
 * What a server may ask and say in a session, as the schema of MCP 2025-11-25 defines it (`ServerRequest`,
 * `ServerNotification`); the earlier versions define nothing else.
 */
const requests: ReadonlySet<string> = new Set([
  'ping',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'tasks/get',
  'tasks/list',
  'tasks/result',
  'tasks/cancel',
])

const notifications: ReadonlySet<string> = new Set([
  'notifications/cancelled',
  'notifications/progress',
  'notifications/message',
  'notifications/resources/updated',
  'notifications/resources/list_changed',
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/elicitation/complete',
  'notifications/tasks/status',
])

/** Whether the protocol knows it, letter for letter: a lenient agent might do for a server what no protocol has. */
export const isServerMessage = ({ kind, method }: RpcRequest | RpcNotification): boolean =>
  (kind === 'request' ? requests : notifications).has(method)
