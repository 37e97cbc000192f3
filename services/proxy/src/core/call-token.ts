import { parseExactJson } from './exact-json.ts'
import { isJsonObject } from './json-rpc.ts'

/** Among the headers of a request to a server its downstream token has this name; no agent's header is passed on under it. */
const header = 'cordon-call-token'

/** Where servers on standard streams find it, in the `_meta` of a request. */
const metaKey = 'cordon/call-token'

/** What the engine is told in place of the method where an agent answers what the server asked. */
export const answerMethod = 'answer'

type Headers = Readonly<Record<string, string>>

/** What goes to a server along with a message, and the one token that it is good for. */
export const withCallToken = (headers: Headers, callToken: string | undefined): Headers =>
  callToken === undefined ? headers : { ...headers, [header]: callToken }

export const callTokenOf = (headers: Headers): string | undefined => headers[header]

/** Only the token. */
export const callTokenIn = (headers: Headers): Headers => withCallToken({}, callTokenOf(headers))

/** As HTTP has it: in place of the agent's token, unless the server has an authorization of its own. */
export const authorizationOf = (configured: Headers, headers: Headers): Headers => {
  const callToken = callTokenOf(headers)
  if (callToken === undefined || configured['authorization'] !== undefined) return headers
  const { [header]: _moved, ...others } = headers
  return { ...others, authorization: `Bearer ${callToken}` }
}

/** A request as a server on standard streams gets it. @param text one that the proxy wrote */
export const textWithCallToken = (text: string, headers: Headers): string => {
  const callToken = callTokenOf(headers)
  const request = callToken === undefined ? undefined : parseExactJson(text)
  if (!isJsonObject(request)) return text
  const params = isJsonObject(request['params']) ? request['params'] : {}
  const meta = isJsonObject(params['_meta']) ? params['_meta'] : {}
  return JSON.stringify({ ...request, params: { ...params, _meta: { ...meta, [metaKey]: callToken } } })
}
