/** Longer values are cut: what makes them the same stands at their front. */
const maxLength = 512

/** Lower-case address, without `mailto:`, display name and sub-address (RFC 5233): `eve+1@` is read where `eve@` is. */
export const normaliseEmail = (text: string): string => {
  const address = text.slice(text.lastIndexOf('<') + 1).replaceAll('>', '')
  return cut(
    address
      .trim()
      .toLowerCase()
      .replace(/^(?:mailto:)+/, ''),
  )
    .trim()
    .replace(/^([^+@]*[^+@.])\.*\+[^@]*(?=@)/, '$1')
}

/** Lower case, without port and root dot. */
export const normaliseHost = (text: string): string =>
  cut(text.replaceAll(/\s/g, ''))
    .toLowerCase()
    .replace(/(?::\d*|\.)+$/, '')

/** Upper case, without the spaces and hyphens that people group digits with. */
export const normaliseAccount = (text: string): string => cut(text.replaceAll(/[\s-]/g, '').toUpperCase())

/** Lower case: people and models repeat identifiers in another case. */
export const normaliseIdentifier = (text: string): string => cut(text.trim()).toLowerCase()

const pathRoot = /^(?:[A-Za-z]:)?\/|^~(?=\/|$)|^[A-Za-z]:/

/** Slashes only, without `.`, without what `..` takes back, without a slash at the end; the drive in lower case. */
export const normalisePath = (text: string): string => {
  const slashed = text.replace(/^(?:file:\/\/)+/i, '').replaceAll('\\', '/')
  const root = pathRoot.exec(slashed)?.[0].toLowerCase() ?? ''
  const segments: string[] = []
  for (const segment of slashed.slice(root.length).split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop()
    else if (root === '') segments.push(segment)
  }
  // Cut when all is taken back: else a run of `./` in front would hide where the path leads.
  const body = cut(segments.join('/')).replace(/\/$/, '')
  if (root === '') return pathRoot.test(body) ? `./${body}` : body || '.'
  return root.endsWith('/') || body === '' ? root + body : `${root}/${body}`
}

/** A web address: its host and `host/path`. Scheme, user, default port, query and fragment do not tell addresses apart. */
export interface NormalUrl {
  readonly host: string
  readonly url: string
}

/** @returns `undefined` where no host is named */
export const normaliseUrl = (text: string): NormalUrl | undefined => {
  const scheme = text.indexOf('://')
  const rest = cut(scheme < 0 ? text.trim() : text.slice(scheme + 3))
  const bare = rest.slice(0, firstOf(rest, '?#'))
  const slash = firstOf(bare.replaceAll('\\', '/'), '/')
  const authority = bare.slice(bare.lastIndexOf('@', slash) + 1, slash).toLowerCase()
  const host = normaliseHost(authority)
  if (!/^[a-z0-9[]/.test(host)) return undefined
  const port = /:(\d+)$/.exec(authority)?.[1]
  const shownPort = port === undefined || port === '80' || port === '443' ? '' : `:${port}`
  return { host, url: host + shownPort + normaliseUrlPath(bare.slice(slash)) }
}

const normaliseUrlPath = (path: string): string => {
  const plain = normalisePath(`/${decodePercent(path)}`)
  return plain === '/' ? '' : plain
}

// Letters, digits, hyphen, dot, underscore and tilde mean the same escaped (RFC 3986 §2.3).
const decodePercent = (text: string): string =>
  text.replaceAll(/%([0-7][0-9A-Fa-f])/g, (escaped, code: string) => {
    const character = String.fromCharCode(Number.parseInt(code, 16))
    return /[\w.~-]/.test(character) ? character : escaped.toUpperCase()
  })

const firstOf = (text: string, characters: string): number => {
  for (let at = 0; at < text.length; at += 1) if (characters.includes(text.charAt(at))) return at
  return text.length
}

const cut = (text: string): string => (text.length > maxLength ? text.slice(0, maxLength) : text)
