import { html } from './html.ts'
import type { Page } from './layout.ts'

/** Asks first: a link on another site must not end anybody's work. */
export const logOutPage = (options: {
  readonly action: string
  readonly csrf: string
  readonly name: string
}): Page => ({
  status: 200,
  title: 'Log out',
  content: html`
    <h1>Log out?</h1>
    <p class="lead">You are signed in as <strong>${options.name}</strong>.</p>
    <div class="note"><p>All agent sessions that you opened with this log-in end at once.</p></div>
    <form method="post" action="${options.action}">
      <input type="hidden" name="csrf" value="${options.csrf}" />
      <div class="actions"><button type="submit">Log out</button></div>
    </form>
  `,
})

export const loggedOutPage = (): Page => ({
  status: 200,
  title: 'Logged out',
  content: html`
    <h1>Logged out</h1>
    <p>Nobody is signed in in this browser. You can close this page.</p>
  `,
})
