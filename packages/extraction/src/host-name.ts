import { isTopLevelDomain } from './known-names.ts'

const maxHostLength = 253

/** Whether a bare word is taken for a host: an IPv4 address, or labels under a known top-level domain or after `www.`. */
export const isHostName = (word: string): boolean => {
  if (word.length > maxHostLength) return false
  const labels = word.split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length < 2 || !labels.every(isLabel)) return false
  if (/^\d+$/.test(last)) return labels.length === 4 && labels.every(isByte)
  return /^[A-Za-z]{2,24}$/.test(last) && (isTopLevelDomain(last) || /^www\./i.test(word))
}

/** Whether what follows the @ of an address can be a mail host; any top-level domain will do. */
export const isMailHost = (word: string): boolean => {
  const labels = word.split('.')
  return (
    word.length <= maxHostLength &&
    labels.length > 1 &&
    labels.every(isLabel) &&
    /^[A-Za-z]{2,24}$/.test(labels.at(-1) ?? '')
  )
}

const isLabel = (label: string): boolean =>
  label.length > 0 &&
  label.length <= 63 &&
  /^[A-Za-z0-9-]+$/.test(label) &&
  !label.startsWith('-') &&
  !label.endsWith('-')

const isByte = (label: string): boolean => /^\d{1,3}$/.test(label) && Number(label) <= 255
