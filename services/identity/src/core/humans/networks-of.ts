/** Whom an address belongs to, as far as it says. */
export interface Network {
  /**
   * `network`: what one party is given, an IPv4 address or 64 bits of IPv6. `site`: 48 bits of IPv6, 65,536 such networks; of IPv4, and of
   * what is no address, nothing says it.
   */
  readonly kind: 'network' | 'site'
  readonly name: string
}

/** A site may as much as so many networks: homes may share one, and it is no reason to count each of its networks by itself. */
export const networksPerSite = 10

/**
 * The network of an address, and its site where it says one. Of IPv6 a home or a machine is given 64 bits of addresses at least, a site 48 (RFC 6177 §2). IPv4 in IPv6 (RFC 4291 §2.5.5.2) is IPv4.
 */
export const networksOf = (address: string): readonly [Network, ...Network[]] => {
  const [text = ''] = address.toLowerCase().split('%', 1)
  const [, mapped] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text) ?? []
  if (mapped !== undefined) return [networkOf(mapped)]
  if (!text.includes(':')) return [networkOf(text)]
  const [head = '', tail] = text.split('::', 2)
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...zeros, ...after]
  const prefix = (bits: number): string => `${groups.slice(0, bits / 16).join(':')}::/${bits}`
  return [networkOf(prefix(64)), { kind: 'site', name: prefix(48) }]
}

const networkOf = (name: string): Network => ({ kind: 'network', name })

const groupsOf = (text: string): readonly string[] =>
  text === '' ? [] : text.split(':').map(group => group.replace(/^0+(?=.)/, ''))
