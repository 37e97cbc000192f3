/**
 * Whom an address belongs to, as far as it says: of IPv6 a home or a machine is given 64 bits of addresses at least (RFC 6177 §2), so the
 * first half counts. IPv4 in IPv6 (RFC 4291 §2.5.5.2) is IPv4.
 */
export const networkOf = (address: string): string => {
  const [text = ''] = address.toLowerCase().split('%', 1)
  const [, mapped] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text) ?? []
  if (mapped !== undefined) return mapped
  if (!text.includes(':')) return text
  const [head = '', tail] = text.split('::', 2)
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...zeros, ...after]
  return `${groups.slice(0, 4).join(':')}::/64`
}

const groupsOf = (text: string): readonly string[] =>
  text === '' ? [] : text.split(':').map(group => group.replace(/^0+(?=.)/, ''))
