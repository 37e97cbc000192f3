/** What the network says where not a byte was sent. */
const unsentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

export const neverLeft = (error: unknown): boolean => unsentCodes.has(networkCodeOf(error))

/** The code of a fault, or of what it was caused by. */
export const networkCodeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'a fault without a name'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? 'a fault without a code' : networkCodeOf(error.cause)
}
