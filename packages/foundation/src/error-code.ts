/** What the system or a library calls the fault (`ENOENT`); undefined where the error has no code. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
