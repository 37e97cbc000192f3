import { CordonError } from '@cordon/foundation'

import { ask } from './ask.ts'
import { printable } from './printable.ts'

/** Prints lines that others wrote, and asks before something is changed. */
export const askingTerminal = (
  yes: boolean,
): { print(line: string): void; readonly canAsk: boolean; confirm(question: string): Promise<boolean> } => ({
  canAsk: process.stdin.isTTY,
  print: line => console.log(printable(line)),
  confirm: async question => {
    if (yes) return true
    if (!process.stdin.isTTY)
      throw new CordonError(
        'NOBODY_TO_ASK',
        `${question} Expected a terminal to ask at, or --yes (and --use-known for Cordon's own servers), got neither`,
      )
    const answer = await ask(`${printable(question)} [y/N] `, {
      input: process.stdin,
      editor: process.stdout,
    })
    return /^y(es)?$/i.test(answer.trim())
  },
})
