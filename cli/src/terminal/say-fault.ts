import { CordonError } from '@cordon/foundation'

import { printableLines } from './printable.ts'

const said = new WeakSet<object>()

/** Says on standard error why a command failed: at once where it takes long to end, and not again by whoever else catches it. */
export const sayFault = (error: unknown): void => {
  if (typeof error === 'object' && error !== null) {
    if (said.has(error)) return
    said.add(error)
  }
  // What Cordon itself has to say reads as it is; anything else is a fault of ours and needs its stack.
  console.error(error instanceof CordonError ? `cordon: ${printableLines(error.message)}` : error)
}
