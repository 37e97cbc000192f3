import { randomUUID } from 'node:crypto'

import { generateHolderKey, type HolderKey, signRequestProof } from '@cordon/tokens'

import { attest, grant, issuer } from './identity-world.ts'

/** What identity answers to a platform, as far as a test looks at it. */
export interface Answered {
  readonly status: number
  readonly body: {
    readonly access_token: string
    readonly refresh_token: string
    readonly session_id: string
    readonly expires_in: number
    readonly ends_at: string
    readonly error: string
    readonly error_description: string
    readonly code: string
  }
}

/** A platform that runs agent-7 with a key of its own. */
export interface Platform {
  readonly key: HolderKey
  /** Exchanges sue's grant for a session. */
  open(over?: Readonly<Record<string, string>>): Promise<Answered>
  renew(refreshToken: string, over?: Readonly<Record<string, string>>): Promise<Answered>
  close(refreshToken: string): Promise<Answered>
}

/** @param urlOf where identity listens at present */
export const createPlatform = (urlOf: () => string, key: HolderKey = generateHolderKey()): Platform => {
  const post = async (
    path: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> => {
    const proof = signRequestProof(key, {
      method: 'POST',
      url: `${issuer}${path}`,
      issuedAt: Date.now(),
      proofId: randomUUID(),
    })
    const response = await fetch(`${urlOf()}${path}`, {
      method: 'POST',
      headers: { dpop: proof, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
    })
    const text = await response.text()
    return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as Answered['body'] }
  }

  const actor = (): Readonly<Record<string, string>> => ({
    actor_token: attest(key.publicJwk),
    actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  })

  return {
    key,
    open: async over =>
      post('/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: grant(),
        subject_token_type: 'urn:cordon:token-type:automation-grant',
        ...actor(),
        resource: 'urn:cordon:server:files',
        authorization_details: JSON.stringify([
          { type: 'mcp_tool', identifier: 'files/read_file' },
          { type: 'mcp_tool', identifier: 'postgres/*' },
        ]),
        ...over,
      }),
    renew: async (refreshToken, over) =>
      post('/token', {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        ...actor(),
        resource: 'urn:cordon:server:files',
        ...over,
      }),
    close: async refreshToken => post('/revoke', { token: refreshToken }),
  }
}
