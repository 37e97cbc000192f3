import { html } from './html.ts'
import type { Page } from './layout.ts'

/** Something that a human can only read. */
export interface Problem {
  readonly status: number
  readonly title: string
  readonly text: string
  /** The protocol's own name of the error, for whoever is asked for help. */
  readonly code?: string
}

export const problemPage = ({ status, title, text, code }: Problem): Page => ({
  status,
  title,
  content: html`
    <h1>${title}</h1>
    <p>${text}</p>
    ${code !== undefined && html`<p class="quiet">Error: <code>${code}</code></p>`}
  `,
})

/** By the error codes of OAuth, OpenID Connect and our own. */
export const problemOf = (code: string, status: number): Problem => {
  const [title, text] = texts[code] ?? ['That did not work', 'Start again in the program that sent you here.']
  return { status, title, text, code }
}

const texts: Readonly<Record<string, readonly [string, string]>> = {
  invalid_redirect_uri: [
    'Wrong return address',
    'The program that sent you here wants the answer at an address that is not allowed. Nothing was sent there.',
  ],
  invalid_client: ['Unknown program', 'The program that sent you here is not known to Cordon.'],
  invalid_request: ['The request is not valid', 'Start again in the program that sent you here.'],
  session_not_found: [
    'This page is over',
    'It was open for too long, or in another browser. Start again in the program that sent you here.',
  ],
  access_denied: ['Not allowed', 'You said no, or may not do this. Nothing was shared.'],
  server_error: ['Something broke', 'This is a fault of ours; it is in the log. Try again in a moment.'],
}
