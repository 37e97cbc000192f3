/** What asks the network before a byte of a request is sent. */
const beforeSending: ReadonlySet<unknown> = new Set(['getaddrinfo', 'connect'])

/**
 * Whether nothing of a request was sent: there was no connection. A code alone does not say so: a connection that stood can end with
 * `EHOSTUNREACH` or `ECONNREFUSED` too, when what was sent is not acknowledged (RFC 1122 §4.2.3.9), and then it may have been carried out.
 * @param error of a `fetch`
 */
export const neverLeft = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  // Of a name with several addresses: one for each.
  return cause instanceof AggregateError ? cause.errors.every(isUnconnected) : isUnconnected(cause)
}

const isUnconnected = (fault: unknown): boolean => {
  if (!(fault instanceof Error)) return false
  if ('syscall' in fault && beforeSending.has(fault.syscall)) return true
  return 'code' in fault && fault.code === 'UND_ERR_CONNECT_TIMEOUT'
}
