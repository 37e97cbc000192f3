import type { Clock } from '@cordon/foundation'
import type { BundleSource, EngineJwk } from '@cordon/policy'
import {
  type EdDsaPublicJwk,
  engineJwkOf,
  type KeySet,
  thumbprintOf,
  type VerificationKey,
  verificationKeyOf,
  verifyEngineKeys,
} from '@cordon/tokens'

import type { Database } from '../../ports/database.ts'
import { type AnnouncedKey, dropEngineKeys, keepEngineKey, readEngineKeys } from './engine-key-table.ts'

/** Which keys sign the call tokens of this deployment's engines, for everybody who verifies them. */
export interface EngineKeyBook {
  /** Of engines that the bundle in force names. */
  published(): readonly EdDsaPublicJwk[]
  /**
   * Kept in the database before it resolves.
   * @param statement a JWS in compact form, of an engine
   * @returns what is wrong with it: expected and got
   */
  announce(statement: string): Promise<string | undefined>
  /** Reads what other replicas were told, drops what is over. */
  refresh(): Promise<void>
}

/** Clocks differ; whoever saw an announcement can show it again for this long, and changes nothing by it. */
const maxSkewMs = 60_000
/** An engine announces for a day. */
const maxLifeMs = 25 * 60 * 60_000
/** What is over is kept until no announcement of before counts any more, which would bring it back. */
const keptAfterMs = 2 * maxSkewMs
/** Of one announcing key, which several engines may share; receivers read key sets of 64 KiB. */
const maxKeysPerEngine = 64
const maxKeys = 256

export const openEngineKeyBook = async (options: {
  readonly database: Database
  readonly bundles: BundleSource
  readonly clock: Clock
  readonly issuer: string
}): Promise<EngineKeyBook> => {
  const { database, bundles, clock, issuer } = options
  let kept: readonly AnnouncedKey[] = []

  const refresh = async (): Promise<void> => {
    await dropEngineKeys(database, clock.now() - keptAfterMs)
    kept = await readEngineKeys(database)
  }

  const announcers = (): KeySet => announcersOf(bundles.current()?.identity.engines ?? {})

  const livingOf = (named: KeySet): readonly AnnouncedKey[] =>
    kept.filter(({ announcer, until }) => named.has(announcer) && until > clock.now())

  await refresh()
  return {
    published: () => {
      // Engines that share their key announce the same.
      const xs = new Set(livingOf(announcers()).map(({ x }) => x))
      return [...xs].map(engineJwkOf)
    },
    announce: async statement => {
      const named = announcers()
      const verified = verifyEngineKeys(statement, { issuer, announcers: named })
      if (!verified.ok) return refusals[verified.reason]
      const { announcer, said } = verified
      const now = clock.now()
      if (Math.abs(said.issuedAt - now) > maxSkewMs)
        return `engine keys: expected a statement of the last ${maxSkewMs / 1000} s, got another; do the clocks agree?`
      if (said.keys.some(({ until }) => until > now + maxLifeMs))
        return 'engine keys: expected keys for a day at most, got longer'
      const living = livingOf(named)
      const others = living.filter(({ x }) => !said.keys.some(({ jwk }) => jwk.x === x))
      const own = others.filter(each => each.announcer === announcer)
      if (own.length + said.keys.length > maxKeysPerEngine || others.length + said.keys.length > maxKeys)
        return `engine keys: expected at most ${maxKeysPerEngine} at once of an engine and ${maxKeys} in all, got more`
      await database.transaction(async queries => {
        for (const { jwk, until } of said.keys)
          await keepEngineKey(queries, { announcer, x: jwk.x, until, announcedAt: said.issuedAt })
      })
      kept = await readEngineKeys(database)
      return undefined
    },
    refresh,
  }
}

const refusals = {
  NOT_A_STATEMENT: 'engine keys: expected a statement of an engine of this deployment, got another text',
  ANNOUNCER_UNKNOWN: 'engine keys: expected the key of an engine that the bundle names, got another',
  SIGNATURE_WRONG: 'engine keys: expected the signature of that engine, got another',
} as const

const announcersOf = (engines: Readonly<Record<string, EngineJwk>>): KeySet => {
  const keys = new Map<string, VerificationKey>()
  for (const jwk of Object.values(engines)) {
    const key = verificationKeyOf(jwk)
    if (key !== undefined) keys.set(thumbprintOf(jwk), key)
  }
  return keys
}
