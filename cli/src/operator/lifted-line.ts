import { printable } from '../terminal/printable.ts'

/** What has become of a scope that the kill switch let go. @param openSessions that it names */
export const liftedLine = (scope: string, openSessions: number): string =>
  printable(
    scope.startsWith('session:') && openSessions === 0
      ? `${scope} is not stopped any more; it has ended.`
      : `${scope} may go on.`,
  )
