import { z } from 'zod'

import { parseJson } from '../core/mcp/client-message.ts'
import type { LogIn } from '../ports.ts'

const claims = z.object({
  preferred_username: z.string().min(1).optional().catch(undefined),
  email: z.string().min(1).optional().catch(undefined),
  sub: z.string().min(1),
})

/** Control characters and what changes the direction of text: a provider's names do not draw on the terminal. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu

/** Who logged in, by the name that the provider's humans know themselves by (OpenID Connect Core 1.0 §5.1), and for how long that is kept. */
export const signedInNotice = ({ idToken, expiresAt }: LogIn): string => {
  const until = new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z')
  return `Signed in as ${humanNamedIn(idToken)}; kept until ${until}`
}

/** @returns what a terminal can show */
export const humanNamedIn = (idToken: string): string => {
  const payload = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()
  const { data } = claims.safeParse(parseJson(payload))
  const name = data === undefined ? 'somebody unnamed' : (data.preferred_username ?? data.email ?? data.sub)
  return name.replace(unprintable, '\uFFFD')
}
