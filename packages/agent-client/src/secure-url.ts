import { AgentClientError } from './agent-client-error.ts'

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * @returns the URL without a slash at its end
 * @throws AgentClientError `URL_INSECURE` where tokens would travel in the open: plain HTTP is for this machine only
 */
export const parseSecureUrl = (what: string, text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw refused(what, 'text that is no URL')
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))
  if (!isSecure) throw refused(what, `${url.protocol}//${url.hostname}`)
  if (url.username !== '' || url.password !== '') throw refused(what, 'one with credentials')
  if (url.search !== '' || url.hash !== '') throw refused(what, 'one with query or fragment')
  return url.href.replace(/\/$/, '')
}

const refused = (what: string, got: string): AgentClientError =>
  new AgentClientError('URL_INSECURE', `${what}: expected https, or http to this machine, got ${got}`)
