import { CordonError } from '@cordon/foundation'

/** An error in one line for the person who started the service: what went wrong, its code, and what caused it. */
export const serviceErrorLine = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const code = codeOf(error)
  // Node puts the command there, and people their keys.
  if ('syscall' in error && String(error.syscall).startsWith('spawn')) return `spawn: ${code ?? 'failed'}`
  const cause = error.cause === undefined ? '' : `: ${serviceErrorLine(error.cause)}`
  // A stack helps where the code is at fault, not where the surroundings are.
  const text =
    error instanceof CordonError || code !== undefined ? error.message : (error.stack ?? error.message)
  return `${text}${code === undefined || text.includes(code) ? '' : ` (${code})`}${cause}`
}

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined
