import { IdentityError } from '../../identity-error.ts'

/** What an error of either database says, as far as it may be told: both put parameters into theirs. */
interface SqlError {
  /** SQLSTATE. */
  readonly code?: unknown
  readonly constraint?: unknown
}

/**
 * An error that carries no value of any row.
 * @param isAnswer whether the database itself refused, rather than the way there
 */
export const databaseFault = (error: unknown, isAnswer: boolean): IdentityError => {
  const { code, constraint } = (error ?? {}) as SqlError
  const state = typeof code === 'string' ? code : 'no code'
  if (!isAnswer || isTransient(state))
    return new IdentityError('DATABASE_UNAVAILABLE', `database: expected an answer, got a fault (${state})`, {
      retryable: true,
    })
  if (!isOfValues(state))
    return new IdentityError('DATABASE_FAILED', `database: expected it to work, got SQLSTATE ${state}`)
  const name = typeof constraint === 'string' ? ` of ${constraint}` : ''
  return new IdentityError(
    'DATABASE_REFUSED',
    `database: expected it to take a statement, got SQLSTATE ${state}${name}`,
  )
}

// Connection lost, too many of them, deadlock and the like, shutting down or starting, given up on.
const isTransient = (state: string): boolean => /^(?:08|40|53|57)/.test(state)

// Values that are none of their type, or break a constraint; 54: too long for an index or nested too deep.
const isOfValues = (state: string): boolean => /^(?:22|23|54)/.test(state)
