import { html } from './html.ts'
import type { Page } from './layout.ts'
import { requestDetails, type RequestDetails } from './request-details.ts'

/** Whether the program may act for the human: asked each time, because any program of the machine could have asked (RFC 8252 §8.6). */
export const consentPage = (options: {
  readonly action: string
  readonly csrf: string
  readonly logOutPath: string
  readonly human: { readonly name: string; readonly email: string }
  readonly details: RequestDetails
}): Page => {
  const { action, csrf, logOutPath, human, details } = options
  return {
    status: 200,
    title: 'Allow access',
    content: html`
      <h1>Let ${details.client} act for you?</h1>
      <p class="lead">You are signed in as <strong>${human.name}</strong> (${human.email}).</p>
      ${requestDetails(details)}
      <p>
        It learns your name, e-mail address and groups, and can open agent sessions that use tools
        <strong>in your name</strong>, until you log out here.
      </p>
      <div class="note warn">
        <p>
          ${
            details.from.kind === 'device'
              ? 'Allow this only if you started it yourself a moment ago, on a device in your hands.'
              : 'Allow this only if you started it yourself a moment ago.'
          }
        </p>
      </div>
      <form method="post" action="${action}">
        <input type="hidden" name="csrf" value="${csrf}" />
        <div class="actions">
          <button type="submit" name="action" value="allow">Allow</button>
          <button type="submit" name="action" value="deny" class="second">Deny</button>
        </div>
      </form>
      <p class="quiet">Not ${human.name}? <a href="${logOutPath}">Log out</a></p>
    `,
  }
}
