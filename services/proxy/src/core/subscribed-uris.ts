import { reject } from './answer.ts'
import type { Rejection } from './answer.ts'
import { errorCode } from './error-code.ts'
import { isJsonObject } from './json-rpc.ts'
import type { RpcRequest } from './json-rpc.ts'

/** Resources that one agent listens to at once: each may be a request to its tool server. */
export const maxSubscribedUris = 64
/** As long as common servers take a URL. */
const maxUriCharacters = 2_048

/** Whether a value names a resource that can be listened to. */
export const isSubscribableUri = (uri: unknown): uri is string =>
  typeof uri === 'string' && uri.length <= maxUriCharacters

/** Whether a `subscriptions/listen` asks for no more than one agent may. */
export const checkSubscribedUris = ({ id, method, params }: RpcRequest): Rejection | undefined => {
  const asked = method === 'subscriptions/listen' ? params['notifications'] : undefined
  const uris = isJsonObject(asked) ? (asked['resourceSubscriptions'] ?? []) : []
  const isFine = Array.isArray(uris) && uris.length <= maxSubscribedUris && uris.every(isSubscribableUri)
  return isFine ? undefined : tooMuch(id)
}

export const subscribedUrisProblem: string = `expected at most ${maxSubscribedUris} URIs of at most ${maxUriCharacters} characters, got something else`

const tooMuch = (id: RpcRequest['id']): Rejection =>
  reject({
    status: 400,
    cause: 'subscriptions',
    code: errorCode.invalidParams,
    message: `params.notifications.resourceSubscriptions: ${subscribedUrisProblem}`,
    id,
  })
