/** What of a browser a log-in takes: cookies, redirects and forms. */
export interface FormBrowser {
  /** Opens a page, following redirects. */
  open(url: string): Promise<Landing>
  /** Sends the form of a page, with its hidden fields and these. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Landing>
}

/** A page, or the address beyond this browser's reach that it was sent to. */
export type Landing = Page | { readonly kind: 'away'; readonly url: URL }

export interface Page {
  readonly kind: 'page'
  readonly url: URL
  readonly status: number
  readonly html: string
}

const mostRedirects = 10

/** @param origin of the only site that it visits */
export const openFormBrowser = (origin: string): FormBrowser => {
  const cookies = new Map<string, string>()

  const visit = async (url: URL, init: RequestInit, redirects = 0): Promise<Landing> => {
    if (url.origin !== origin) return { kind: 'away', url }
    if (redirects > mostRedirects) throw new Error(`log-in: expected a page, got ${redirects} redirects`)
    const headers = new Headers(init.headers)
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) keep(cookie)
    const location = response.headers.get('location')
    const html = await response.text()
    if (location === null) return { kind: 'page', url, status: response.status, html }
    return visit(new URL(location, url), {}, redirects + 1)
  }

  const keep = (cookie: string): void => {
    const [pair = ''] = cookie.split(';', 1)
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    // An empty one takes its name back.
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }

  return {
    open: url => visit(new URL(url), {}),
    submit: ({ url, html }, fields) => {
      const action = /<form method="post" action="(?<action>[^"]+)"/.exec(html)?.groups?.['action']
      if (action === undefined) throw new Error('log-in: expected a page with a form, got another')
      const hidden = html.matchAll(/<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)"/g)
      const form = new URLSearchParams(fields)
      for (const { groups } of hidden) form.set(groups?.['name'] ?? '', groups?.['value'] ?? '')
      return visit(new URL(action, url), { method: 'POST', body: form, headers: { origin } })
    },
  }
}
