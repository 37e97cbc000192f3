import { hash } from 'node:crypto'

import { html, type Html } from './html.ts'
import { stylesheet } from './stylesheet.ts'

/** A page, ready to be sent. */
export interface Page {
  readonly status: number
  readonly title: string
  readonly content: Html
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number
}

/** For `style-src`: the one stylesheet, by its digest. */
export const stylesheetSource: string = `'sha256-${hash('sha256', stylesheet, 'base64')}'`

// Markup as a whole, so that nobody who formats this file changes what was digested.
const style: Html = { markup: `<style>${stylesheet}</style>` }

/** The whole document. */
export const documentOf = ({ title, content }: Page): string => {
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Cordon</title>
        <link rel="icon" href="data:," />
        ${style}
      </head>
      <body>
        <main>
          <p class="brand">
            <svg width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden="true">
              <circle
                cx="13"
                cy="13"
                r="10.5"
                stroke="currentColor"
                stroke-width="3"
                stroke-dasharray="54 12"
              />
              <circle cx="13" cy="13" r="4" fill="currentColor" />
            </svg>
            Cordon
          </p>
          ${content}
        </main>
        <footer>Cordon never asks for your password anywhere but on this address.</footer>
      </body>
    </html>`
  return markup
}
