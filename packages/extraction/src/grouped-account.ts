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

const groupedPhone = /\+\d{1,3}(?:[ .-]?(?:\(\d{1,4}\)|\d{1,4})){2,7}(?!\d)/y
const fewestPhoneDigits = 8
const mostPhoneDigits = 15

/** Where an international telephone number ends that starts at `start` (E.123), however it is grouped; `undefined` where none does. */
export const endOfPhone = (text: string, start: number): number | undefined => {
  groupedPhone.lastIndex = start
  if (text.charAt(start) !== '+' || !groupedPhone.test(text)) return undefined
  const digits = text.slice(start, groupedPhone.lastIndex).replaceAll(/\D/g, '').length
  return digits >= fewestPhoneDigits && digits <= mostPhoneDigits ? groupedPhone.lastIndex : undefined
}
