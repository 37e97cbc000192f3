import type { IncomingMessage } from 'node:http'

import type { Client, KoaContextWithOIDC, UnknownObject } from 'oidc-provider'

import { documentOf, type Page } from './pages/layout.ts'
import {
  type DeviceCodeProblem,
  deviceCodePage,
  deviceConfirmPage,
  deviceDonePage,
} from './pages/device-pages.ts'
import { requestedAccess } from './requested-access.ts'

/** What `oidc-provider` asks for in the device flow, and what came of a request to it. */
export interface DevicePages {
  readonly deviceInfo: (ctx: KoaContextWithOIDC) => UnknownObject
  readonly input: (ctx: KoaContextWithOIDC, form: string, out?: unknown, error?: Error) => void
  readonly confirm: (
    ctx: KoaContextWithOIDC,
    form: string,
    client: Client,
    deviceInfo: UnknownObject,
    userCode: string,
  ) => void
  readonly success: (ctx: KoaContextWithOIDC) => void
  /** A link carried the code: it is filled in, and has to be sent by hand. */
  prefill(request: IncomingMessage, code: string): void
  /** Whether a code was sent that nobody was given. */
  wasWrong(request: IncomingMessage): boolean
}

const codePattern = /^[A-Za-z-]{1,20}$/
const longestUserAgent = 160

export const createDevicePages = (options: {
  readonly action: string
  readonly addressOf: (request: IncomingMessage) => string
}): DevicePages => {
  const codes = new WeakMap<IncomingMessage, string>()
  const wrong = new WeakSet<IncomingMessage>()
  const { action } = options

  const problemOf = (error: Error | undefined): DeviceCodeProblem | undefined =>
    error === undefined || error.name === 'NoCodeError' ? undefined : 'wrong'

  return {
    deviceInfo: ctx => ({
      address: options.addressOf(ctx.req),
      userAgent: (ctx.get('user-agent') ?? '').slice(0, longestUserAgent),
    }),
    input: (ctx, _form, _out, error) => {
      if (error?.name === 'AbortedError') return send(ctx, deviceDonePage('denied'))
      // Expired and used ones were found, but what reads alike has to count alike.
      if (error !== undefined) wrong.add(ctx.req)
      const problem = problemOf(error)
      const code = codes.get(ctx.req)
      send(
        ctx,
        deviceCodePage({
          action,
          xsrf: secretOf(ctx),
          ...(code !== undefined && { code }),
          ...(problem !== undefined && { problem }),
        }),
      )
    },
    confirm: (ctx, _form, client, deviceInfo, userCode) => {
      const details = requestedAccess(
        client.clientName ?? client.clientId,
        ctx.oidc.entities.DeviceCode?.params ?? {},
        deviceInfo,
      )
      send(ctx, deviceConfirmPage({ action, xsrf: secretOf(ctx), code: userCode, details }))
    },
    success: ctx => send(ctx, deviceDonePage('connected')),
    prefill: (request, code) => {
      if (codePattern.test(code)) codes.set(request, code.toUpperCase())
    },
    wasWrong: request => wrong.has(request),
  }
}

// What the provider compares with when the form comes back.
const secretOf = (ctx: KoaContextWithOIDC): string => {
  const secret = ctx.oidc.session?.state?.['secret']
  return typeof secret === 'string' ? secret : ''
}

const send = (ctx: KoaContextWithOIDC, page: Page): void => {
  ctx.status = page.status
  ctx.type = 'html'
  ctx.body = documentOf(page)
}
