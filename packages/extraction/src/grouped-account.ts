// Every repetition is bounded, so a match costs the same wherever it is tried.
const groupedIban = /[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?(?![A-Za-z0-9])/y
const groupedDigits = /\d{4}(?: \d{4}){2,4}(?: \d{1,3})?(?!\d)/y

/** Where an account number written in groups of four ends that starts at `start`; `undefined` where none does. */
export const endOfGroupedAccount = (text: string, start: number): number | undefined => {
  for (const pattern of [groupedIban, groupedDigits]) {
    pattern.lastIndex = start
    if (pattern.test(text)) return pattern.lastIndex
  }
  return undefined
}
