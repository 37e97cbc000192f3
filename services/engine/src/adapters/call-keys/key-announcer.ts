import type { Clock } from '@cordon/foundation'
import { type DownstreamKey, type EngineKeys, signEngineKeys } from '@cordon/tokens'

/** What became of an announcement; `refused`: the bundle there does not name this engine, or it is no identity of this deployment. */
export type Announced = 'accepted' | 'refused'

/** Tells the issuer which keys sign. Rejects where there is no answer. */
export type Announce = (keys: EngineKeys['keys']) => Promise<Announced>

const timeoutMs = 2_000

/**
 * Over HTTP, to identity.
 * @param options.key the engine's own, which the bundle names
 */
export const createKeyAnnouncer =
  (options: {
    readonly url: string
    readonly issuer: string
    readonly key: DownstreamKey
    readonly clock: Clock
  }): Announce =>
  async keys => {
    const statement = signEngineKeys(options.key, options.issuer, { issuedAt: options.clock.now(), keys })
    const response = await fetch(options.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ statement }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body?.cancel()
    if (response.status === 204) return 'accepted'
    if (response.status >= 500)
      throw new Error(`call keys: expected identity to take them, got status ${response.status}`)
    return 'refused'
  }
