/** The code of a fault, or of what it was caused by. */
export const networkCodeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'a fault without a name'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? 'a fault without a code' : networkCodeOf(error.cause)
}
