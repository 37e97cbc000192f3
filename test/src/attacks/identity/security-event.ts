import { provider } from '@cordon/identity/fixtures/front'

import { type Claims, craft, type Signer } from './crafted.ts'
import { issuer } from './gateway.ts'
import type { Outside, Told } from './outside.ts'

export const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'

/** A security event of the provider's, signed, that all of alice's sessions are over. */
export const eventOf = (
  { signer, identity }: Outside,
  change: Claims = {},
  header: Claims = {},
  by: Signer = signer,
): string =>
  craft(
    { typ: 'secevent+jwt', alg: 'ES256', kid: 'provider', ...header },
    {
      iss: provider,
      aud: issuer,
      jti: 'event-1',
      iat: Math.floor(identity.clock.now() / 1000),
      sub_id: { format: 'iss_sub', iss: provider, sub: 'alice' },
      events: { [sessionRevoked]: {} },
      ...change,
    },
    by,
  )

export const push = async ({ post }: Outside, event: string): Promise<Told> =>
  post('/caep', event, { 'content-type': 'application/secevent+jwt' })
