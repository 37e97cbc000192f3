import { html } from './html.ts'
import type { Page } from './layout.ts'

/** What the log-in page says beside its form. */
export type SignInProblem = 'refused' | 'busy' | { readonly waitSeconds: number }

/** Name and password. */
export const signInPage = (options: {
  readonly action: string
  readonly csrf: string
  readonly client: string
  readonly name?: string
  readonly problem?: SignInProblem
}): Page => {
  const { action, csrf, client, name = '', problem } = options
  return {
    status: statusOf(problem),
    title: 'Sign in',
    ...(typeof problem === 'object' && { retryAfterSeconds: problem.waitSeconds }),
    content: html`
      <h1>Sign in</h1>
      <p class="lead"><strong>${client}</strong> wants to know who you are.</p>
      ${
        problem !== undefined &&
        html`<div class="note bad" role="alert" id="problem"><p>${textOf(problem)}</p></div>`
      }
      <form method="post" action="${action}">
        <input type="hidden" name="csrf" value="${csrf}" />
        <label for="name">User name or e-mail</label>
        <input
          type="text"
          id="name"
          name="name"
          value="${name}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="200"
          required
          ${problem !== undefined && html`aria-describedby="problem"`}
          ${name === '' && html`autofocus`}
        />
        <label for="password">Password</label>
        <input
          type="password"
          id="password"
          name="password"
          autocomplete="current-password"
          maxlength="1024"
          required
          ${name !== '' && html`autofocus`}
        />
        <div class="actions">
          <button type="submit" name="action" value="sign-in">Sign in</button>
          <button type="submit" name="action" value="cancel" class="second" formnovalidate>Cancel</button>
        </div>
      </form>
    `,
  }
}

const statusOf = (problem: SignInProblem | undefined): number => {
  if (problem === undefined) return 200
  if (problem === 'refused') return 401
  return problem === 'busy' ? 503 : 429
}

// The same words whether there is such an account or not.
const textOf = (problem: SignInProblem): string => {
  if (problem === 'refused') return 'This user name and password do not belong together.'
  if (problem === 'busy') return 'Too many people are signing in right now. Try again in a moment.'
  return `Too many tries. Try again in ${durationOf(problem.waitSeconds)}.`
}

/** A wait, rounded up as people say it. */
export const durationOf = (seconds: number): string => {
  if (seconds <= 90) return seconds === 1 ? '1 second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
