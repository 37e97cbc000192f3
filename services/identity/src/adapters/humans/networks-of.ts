/** Whom an address belongs to, as far as it says. */
export interface Networks {
  /** What one party is given: an IPv4 address, or 64 bits of IPv6. */
  readonly network: string
  /** What one site is given: 48 bits of IPv6, 65,536 such networks. Of IPv4, and of what is no address, nothing says. */
  readonly site?: string
}

/** A site may as much as so many networks: homes may share one, and it is no reason to count each of its networks by itself. */
export const networksPerSite = 10

/**
 * Of IPv6 a home or a machine is given 64 bits of addresses at least, a site 48 (RFC 6177 §2). IPv4 in IPv6 (RFC 4291 §2.5.5.2) is IPv4.
 */
export const networksOf = (address: string): Networks => {
  const [text = ''] = address.toLowerCase().split('%', 1)
  const [, mapped] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text) ?? []
  if (mapped !== undefined) return { network: mapped }
  if (!text.includes(':')) return { network: text }
  const [head = '', tail] = text.split('::', 2)
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...zeros, ...after]
  const prefix = (bits: number): string => `${groups.slice(0, bits / 16).join(':')}::/${bits}`
  return { network: prefix(64), site: prefix(48) }
}

const groupsOf = (text: string): readonly string[] =>
  text === '' ? [] : text.split(':').map(group => group.replace(/^0+(?=.)/, ''))
