import type { Clock } from '@cordon/foundation'
import {
  createTokenIssuer,
  createTokenVerifier,
  generateSigningKeyPem,
  type KeySet,
  openSigningKey,
  parseKeySet,
  type PublicJwk,
  type SigningKey,
  type TokenIssuer,
} from '@cordon/tokens'

import type { isRotationDue, planKeys, PublishedKey } from '../../core/key-plan.ts'
import type { SessionSigner } from '../../ports.ts'
import type { Database } from '../../ports/database.ts'
import { seal, unseal } from './sealed-text.ts'
import { changeKeys, type KeptKey, readKeys } from './signing-key-table.ts'

/** The keys that identity signs with, one after the other. */
export interface KeyRing extends SessionSigner {
  /** What signs now. */
  current(): SigningKey
  /** The public halves, for everybody. */
  published(): readonly PublicJwk[]
  /** What becomes of each of them. */
  timetable(): readonly PublishedKey[]
  /** Reads what other replicas changed, makes the next key where the present one is old, drops what is over. */
  refresh(): Promise<void>
  /** Makes the next key now, where none stands by. @returns whether it did */
  rotate(): Promise<boolean>
}

interface Opened {
  readonly key: SigningKey
  readonly issuer: TokenIssuer
  readonly signsFrom: number
}

/** Opens it; makes the first key where there is none. @param rules what decides, handed in */
export const openKeyRing = async (options: {
  readonly database: Database
  readonly clock: Clock
  readonly issuer: string
  /** 32 bytes. */
  readonly sealingKey: Buffer
  /** After this long another key takes over. */
  readonly maxAgeMs: number
  readonly rules: {
    readonly planKeys: typeof planKeys
    readonly isRotationDue: typeof isRotationDue
    readonly keyLeadMs: number
  }
}): Promise<KeyRing> => {
  const { database, clock, issuer, sealingKey, rules } = options
  const opened = new Map<string, Opened>()
  let known: { readonly names: string; readonly keys: KeySet } | undefined

  const make = async (signsFrom: number): Promise<KeptKey> => {
    const pem = generateSigningKeyPem()
    const { keyId } = await openSigningKey(pem)
    return { keyId, sealed: seal(pem, keyId, sealingKey), signsFrom }
  }

  const read = async (): Promise<void> => {
    const kept = await readKeys(database)
    for (const { keyId, sealed, signsFrom } of kept) {
      if (opened.has(keyId)) continue
      const key = await openSigningKey(unseal(sealed, keyId, sealingKey))
      opened.set(keyId, { key, issuer: createTokenIssuer({ issuer, key }), signsFrom })
    }
    const names = new Set(kept.map(({ keyId }) => keyId))
    for (const keyId of opened.keys()) if (!names.has(keyId)) opened.delete(keyId)
  }

  const change = async (
    isNextWanted: (kept: readonly KeptKey[], now: number) => boolean,
  ): Promise<boolean> => {
    let isMade = false
    await changeKeys(database, async kept => {
      const now = clock.now()
      const { signing, isNextThere, over } = rules.planKeys(kept, now)
      const add: KeptKey[] = []
      // The very first key cannot wait for anybody to have read it.
      if (signing === undefined && !isNextThere) add.push(await make(now))
      else if (!isNextThere && isNextWanted(kept, now)) {
        add.push(await make(now + rules.keyLeadMs))
        isMade = true
      }
      return { add, drop: over }
    })
    await read()
    return isMade
  }

  const isOld = (kept: readonly KeptKey[], now: number): boolean =>
    rules.isRotationDue(kept, now, options.maxAgeMs)

  const planned = () =>
    rules.planKeys(
      [...opened].map(([keyId, { signsFrom }]) => ({ keyId, signsFrom })),
      clock.now(),
    )

  const signing = (): Opened => {
    const found = opened.get(planned().signing ?? '')
    if (found === undefined) throw new Error('signing keys: expected one that signs now, got none')
    return found
  }

  const published = (): readonly PublicJwk[] =>
    planned().published.flatMap(({ keyId }) => opened.get(keyId)?.key.publicJwk ?? [])

  const keys = (): KeySet => {
    const jwks = published()
    const names = jwks.map(({ kid }) => kid).join(' ')
    if (known?.names !== names) known = { names, keys: parseKeySet({ keys: jwks }) }
    return known.keys
  }

  await change(() => false)
  return {
    issuer: () => signing().issuer,
    verifier: createTokenVerifier({ issuer, keys }),
    current: () => signing().key,
    published,
    timetable: () => planned().published,
    refresh: async () => {
      await read()
      const kept = await readKeys(database)
      if (isOld(kept, clock.now()) || rules.planKeys(kept, clock.now()).over.length > 0) await change(isOld)
    },
    rotate: async () => change(() => true),
  }
}
