import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { findFreePort } from '@cordon/infra'

/** A company's OpenID provider, in a process of its own. */
export interface ExternalProvider {
  readonly issuer: string
  /** What a human does in the browser: a name, then yes. @returns the status of the page that they end on, which is not the provider's */
  signInAt(authorizationUrl: string, name: string): Promise<number>
  /** Has it push that all sessions of a human are over. @returns the status that it got */
  revoke(options: {
    readonly sub: string
    readonly receiver: string
    readonly audience: string
  }): Promise<number>
}

const entry = fileURLToPath(new URL('external-provider-process.ts', import.meta.url))

export const startExternalProvider = async (t: TestContext): Promise<ExternalProvider> => {
  const port = await findFreePort()
  const issuer = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [entry, String(port)], { stdio: ['pipe', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  t.after(async () => {
    child.stdin.end()
    await exited
  })
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('provider: expected it to listen, got its end'))),
  ])
  return {
    issuer,
    signInAt: async (url, name) => signIn(issuer, url, name),
    revoke: async options => {
      const response = await fetch(`${issuer}/security-events`, {
        method: 'POST',
        body: JSON.stringify(options),
      })
      return ((await response.json()) as { readonly status: number }).status
    },
  }
}

/** More than any log-in takes. */
const mostSteps = 20

const signIn = async (issuer: string, start: string, name: string): Promise<number> => {
  const cookies = new Map<string, string>()
  let url = new URL(start)
  let form: URLSearchParams | undefined
  for (let step = 0; step < mostSteps; step += 1) {
    if (url.origin !== issuer) return (await fetch(url)).status
    const cookie = [...cookies].map(pair => pair.join('=')).join('; ')
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form && { method: 'POST', body: form }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';', 1)
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = response.headers.get('location')
    const page = await response.text()
    form = location === null ? answerTo(page, name) : undefined
    url = new URL(location ?? /<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? 'about:blank', url)
  }
  throw new Error(`log-in: expected to be sent back within ${mostSteps} steps, got ${url.pathname}`)
}

const answerTo = (page: string, name: string): URLSearchParams =>
  /name="prompt" value="login"/.test(page)
    ? new URLSearchParams({ prompt: 'login', login: name, password: 'any' })
    : new URLSearchParams({ prompt: 'consent' })
