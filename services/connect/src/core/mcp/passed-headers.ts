/** What of a client's headers goes to the proxy. No credentials: the session has its own. */
const toProxy: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'traceparent',
  'tracestate',
])
const paramPrefix = 'mcp-param-'

/** What of the proxy's goes to the client; the challenge for a token is nothing that a client here could answer. */
const toClient: ReadonlySet<string> = new Set([
  'allow',
  'cache-control',
  'content-type',
  'mcp-protocol-version',
  'mcp-session-id',
  'retry-after',
  'x-accel-buffering',
])

/** @param headers names in lower case */
export const headersToProxy = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> => pick(headers, name => toProxy.has(name) || name.startsWith(paramPrefix))

/** @param headers names in lower case */
export const headersToClient = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> => pick(headers, name => toClient.has(name))

const pick = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  isPassed: (name: string) => boolean,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && isPassed(name) ? [[name, value]] : [],
    ),
  )
