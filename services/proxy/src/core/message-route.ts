import type { RequestId, RpcMessage } from './json-rpc.ts'

/** Where a message of a stdio server belongs: its one pipe carries what Streamable HTTP keeps apart. */
export type MessageRoute =
  | { readonly to: 'request'; readonly id: RequestId }
  /** Beside the answer that it announces, so that it does not come after it. */
  | { readonly to: 'progress'; readonly token: RequestId }
  | { readonly to: 'agent' }
  /** A response that names no request. */
  | { readonly to: 'nobody' }

export const routeOf = (message: RpcMessage): MessageRoute => {
  if (message.kind === 'response') {
    return message.id === undefined ? { to: 'nobody' } : { to: 'request', id: message.id }
  }
  if (message.kind === 'notification' && message.method === 'notifications/progress') {
    const token = message.params['progressToken']
    if (typeof token === 'string' || typeof token === 'number') return { to: 'progress', token }
  }
  return { to: 'agent' }
}
