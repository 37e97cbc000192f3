import { execFileSync } from 'node:child_process'

export interface Command {
  readonly command: string
  readonly args: readonly string[]
}

let known: boolean | undefined

/** Whether util-linux's setpriv is here; the one of busybox does not know the option. */
const hasParentDeathSignal = (): boolean => {
  try {
    known ??=
      process.platform === 'linux' &&
      execFileSync('setpriv', ['--help'], { encoding: 'utf8' }).includes('--pdeathsig')
  } catch {
    known = false
  }
  return known
}

/**
 * The same program, killed by the system when its parent dies (prctl(2), PR_SET_PDEATHSIG): for what does not watch its
 * standard input, should the guardian be killed together with the launcher. Unchanged where the system cannot.
 */
export const endsWithParent = (program: Command, isPossible: boolean = hasParentDeathSignal()): Command =>
  isPossible
    ? { command: 'setpriv', args: ['--pdeathsig', 'KILL', '--', program.command, ...program.args] }
    : program
