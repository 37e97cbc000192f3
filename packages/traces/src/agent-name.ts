import { hash } from 'node:crypto'

/** What the scorer keeps of a name; one that is longer would be nobody's. */
const maxBytes = 96
const shownCharacters = 40
const hashDigits = 16

/** The agent that a suite stands for: its name, or where that is long or cannot be printed a hash of it and how it begins. */
export const agentName = (suite: string): string => {
  const printable = suite.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
  if (suite !== '' && printable === suite && Buffer.byteLength(suite) <= maxBytes) return suite
  const shown = printable.replaceAll(/[^\x20-\x7e]/g, '').slice(0, shownCharacters)
  return `${shown}#${hash('sha256', suite, 'hex').slice(0, hashDigits)}`
}
