import { html } from './html.ts'
import type { Page } from './layout.ts'
import { requestDetails, type RequestDetails } from './request-details.ts'

/** What was wrong with a code; all of them read alike to whoever guesses. */
export type DeviceCodeProblem = 'wrong' | { readonly waitSeconds: number }

/** Asks for the code that the device shows (RFC 8628 §3.3). */
export const deviceCodePage = (options: {
  readonly action: string
  readonly xsrf: string
  readonly code?: string
  readonly problem?: DeviceCodeProblem
}): Page => {
  const { action, xsrf, code = '', problem } = options
  const isLocked = typeof problem === 'object'
  return {
    status: problem === undefined ? 200 : isLocked ? 429 : 400,
    title: 'Connect a device',
    ...(isLocked && { retryAfterSeconds: problem.waitSeconds }),
    content: html`
      <h1>Connect a device</h1>
      <p class="lead">Enter the code that your terminal or device shows.</p>
      ${
        problem !== undefined &&
        html`<div class="note bad" role="alert" id="problem">
          <p>
            ${
              isLocked
                ? `Too many wrong codes. Try again in ${Math.ceil(problem.waitSeconds / 60)} min.`
                : 'This code is not valid, or no longer. Codes live for five minutes and work once.'
            }
          </p>
        </div>`
      }
      <div class="note warn">
        <p>
          <strong>Did somebody send you this code?</strong> Then close this page. Whoever gave you the code
          would act in your name.
        </p>
      </div>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <label for="user_code">Code</label>
        <input
          class="code"
          type="text"
          id="user_code"
          name="user_code"
          value="${code}"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          maxlength="20"
          required
          autofocus
          ${problem !== undefined && html`aria-describedby="problem"`}
        />
        <div class="actions"><button type="submit">Continue</button></div>
      </form>
    `,
  }
}

/** Shows who asks for what before anybody signs in (RFC 8628 §5.4). */
export const deviceConfirmPage = (options: {
  readonly action: string
  readonly xsrf: string
  readonly code: string
  readonly details: RequestDetails
}): Page => {
  const { action, xsrf, code, details } = options
  return {
    status: 200,
    title: 'Check the device',
    content: html`
      <h1>Is this your device?</h1>
      <p class="lead">It has to show exactly this code:</p>
      <p class="shown-code">${code}</p>
      ${requestDetails(details)}
      <div class="note warn">
        <p>
          <strong>Go on only if you started this yourself</strong> and have the device in front of you. Nobody
          from support, and no message or website, has a reason to ask you for this.
        </p>
      </div>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <input type="hidden" name="user_code" value="${code}" />
        <div class="actions">
          <button type="submit" name="confirm" value="yes">It is mine, go on</button>
          <button type="submit" name="abort" value="yes" class="second">It is not</button>
        </div>
      </form>
    `,
  }
}

/** Nothing is left to do here. */
export const deviceDonePage = (outcome: 'connected' | 'denied'): Page => ({
  status: 200,
  title: outcome === 'connected' ? 'Device connected' : 'Not connected',
  content:
    outcome === 'connected'
      ? html`
          <h1>Device connected</h1>
          <p>You can close this page and go on at the device.</p>
        `
      : html`
          <h1>Not connected</h1>
          <p>The device got nothing. If somebody sent you the code, tell whoever runs Cordon for you.</p>
        `,
})
