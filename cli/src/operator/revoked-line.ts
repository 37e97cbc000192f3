import { printable } from '../terminal/printable.ts'
import type { Revoked } from './kill-switch.ts'

/** What has happened to a scope that was just stopped, and to whom. */
export const revokedLine = (scope: string, revoked: Revoked): string => {
  const { openSessions } = revoked
  return printable(
    scope.startsWith('tool:')
      ? `${scope} is stopped; open sessions that may call it: ${openSessions}${whatBecomes(revoked)}.`
      : `${scope} is stopped, and with it open sessions: ${openSessions}.`,
  )
}

/** A tool's own end is not that of who may call it. */
const whatBecomes = ({ openSessions, notRenewed }: Revoked): string => {
  if (openSessions === 0) return ''
  const ending = notRenewed === 0 ? '' : `; not renewed, since their grant names it: ${notRenewed}`
  return `, they go on with everything else${ending}`
}

/** @returns nothing where something knows what is stopped by its name */
export const spellingWarning = (scope: string, { knownThrough }: Revoked): string | undefined =>
  knownThrough === undefined
    ? undefined
    : printable(
        `warning: ${scope} is known only through ${knownThrough}: a tool that is spelt otherwise is not stopped`,
      )
