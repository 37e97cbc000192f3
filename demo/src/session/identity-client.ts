import { z } from 'zod'

const openedSchema = z.object({ sessionId: z.string(), tokens: z.record(z.string(), z.string()) })

/** A session that identity opened. */
export interface OpenedSession {
  readonly sessionId: string
  /** Session token per server. */
  readonly tokens: Readonly<Record<string, string>>
}

export interface SessionRequest {
  readonly human: string
  readonly agentId: string
  readonly role: string
  readonly platform: string
  readonly tools: readonly string[]
  /** Thumbprint of the key that the tokens are bound to. */
  readonly holder: string
}

/** Opens and ends sessions at identity. */
export interface IdentityClient {
  open(request: SessionRequest): Promise<OpenedSession>
  end(sessionId: string): Promise<void>
}

/** @param startupSecret what identity was started with; only whoever started it can open sessions */
export const identityClient = (identityUrl: string, startupSecret: string): IdentityClient => {
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(new URL(path, identityUrl), {
      method,
      headers: { authorization: `Bearer ${startupSecret}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (response.ok) return response
    throw new Error(`identity ${method}: expected success, got ${response.status}: ${await response.text()}`)
  }
  return {
    open: async request => openedSchema.parse(await (await ask('POST', '/sessions', request)).json()),
    end: async sessionId => {
      await ask('DELETE', `/sessions/${sessionId}`)
    },
  }
}
