import type { Clock } from '@cordon/foundation'
import {
  type DownstreamKey,
  type EdDsaPublicJwk,
  generateDownstreamSecret,
  openDownstreamKey,
} from '@cordon/tokens'

import type { callKeyLeadMs, planCallKeys } from '../../core/call-key-plan.ts'
import { type KeptCallKey, openCallKeysFile, writeCallKeysFile } from './call-keys-file.ts'
import type { Announce, Announced } from './key-announcer.ts'

/** The keys that this engine signs downstream tokens with, one after the other. */
export interface CallKeys {
  /** What signs. @param now milliseconds since the Unix epoch */
  current(now: number): DownstreamKey
  /** The public halves. */
  published(): readonly EdDsaPublicJwk[]
  /** Whether the issuer has said anything of them yet. */
  readonly isAnswered: boolean
  /** Makes the next key where the present one is old, drops what is over, announces what there is. Never rejects. */
  refresh(): Promise<void>
}

export interface CallKeysOptions {
  /** Of this engine alone. */
  readonly file: string
  readonly clock: Clock
  /** After this long another key takes over. */
  readonly maxAgeMs: number
  readonly announce: Announce
  /** What decides, handed in. */
  readonly rules: { readonly planCallKeys: typeof planCallKeys; readonly leadMs: typeof callKeyLeadMs }
  readonly onAnnounced: (outcome: Announced, keyIds: readonly string[]) => void
  /** No answer, or no room on the disk; it is tried again. */
  readonly onFault: (error: unknown) => void
}

interface OpenKey extends KeptCallKey {
  readonly keyId: string
  readonly key: DownstreamKey
}

/** What is announced counts for a day. */
const announceEveryMs = 5 * 60_000
const retryMs = 5_000
/** The bundle may name this engine after its next start. */
const refusedRetryMs = 30_000

const opened = (kept: KeptCallKey): OpenKey => {
  const key = openDownstreamKey(kept.secret)
  return { ...kept, key, keyId: key.keyId }
}

/** @throws CordonError where the file is there and cannot be used */
export const openCallKeys = async (options: CallKeysOptions): Promise<CallKeys> => {
  const { file, clock, maxAgeMs, announce, rules } = options
  let keys = (await openCallKeysFile(file, clock.now())).map(opened)
  let signing: { readonly key: DownstreamKey; readonly until: number } | undefined
  let isAnswered = false
  let nextAt = Number.NEGATIVE_INFINITY
  let replaceFrom = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  // On the disk first: what a restart would not know is never announced, and signs nothing.
  const keep = async (changed: OpenKey[]): Promise<void> => {
    await writeCallKeysFile(file, changed)
    keys = changed
    signing = undefined
  }

  const findSigning = (now: number): { readonly key: DownstreamKey; readonly until: number } => {
    const plan = rules.planCallKeys(keys, now, maxAgeMs)
    const found = keys.find(({ keyId }) => keyId === plan.signing)
    if (found === undefined) throw new Error('call keys: expected one that signs now, got none')
    const later = keys.flatMap(({ signsFrom = 0 }) => (signsFrom > now ? [signsFrom] : []))
    return { key: found.key, until: Math.min(...later) }
  }

  const replace = async (now: number): Promise<boolean> => {
    const { over, isNextDue } = rules.planCallKeys(keys, now, maxAgeMs)
    if (over.length === 0 && !isNextDue) return false
    const next = isNextDue ? [opened({ secret: generateDownstreamSecret(), signsFrom: undefined })] : []
    await keep([...keys.filter(({ keyId }) => !over.includes(keyId)), ...next])
    return true
  }

  const tell = async (now: number): Promise<boolean> => {
    // Until there is an answer.
    nextAt = now + retryMs
    const told = keys
    const { announced } = rules.planCallKeys(told, now, maxAgeMs)
    const outcome = await announce(
      announced.flatMap(({ keyId, until }) => {
        const found = told.find(each => each.keyId === keyId)
        return found === undefined ? [] : [{ jwk: found.key.publicJwk, until }]
      }),
    )
    isAnswered = true
    options.onAnnounced(
      outcome,
      announced.map(({ keyId }) => keyId),
    )
    nextAt = now + (outcome === 'accepted' ? announceEveryMs : refusedRetryMs)
    if (outcome === 'refused') return false
    // From here on everybody can know it.
    const signsFrom = clock.now() + rules.leadMs
    if (told.some(each => each.signsFrom === undefined))
      await keep(told.map(each => (each.signsFrom === undefined ? { ...each, signsFrom } : each)))
    return true
  }

  const unlessFault = async (act: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await act()
    } catch (error) {
      options.onFault(error)
      return false
    }
  }

  const run = async (): Promise<void> => {
    const now = clock.now()
    // A disk that is full keeps nobody from being told of the keys that there are. A clock that was set back has nothing to wait for.
    const mayReplace = now >= replaceFrom || replaceFrom - now > refusedRetryMs
    replaceFrom = mayReplace ? now + refusedRetryMs : replaceFrom
    const isChanged = mayReplace && (await unlessFault(() => replace(now)))
    if (isChanged || now >= nextAt || nextAt - now > announceEveryMs) await unlessFault(() => tell(now))
  }

  return {
    // Asked for each token: looked up when another key takes over.
    current: now => {
      if (signing === undefined || now >= signing.until) signing = findSigning(now)
      return signing.key
    },
    published: () => keys.map(({ key }) => key.publicJwk),
    get isAnswered() {
      return isAnswered
    },
    refresh: async () => {
      running ??= run().finally(() => {
        running = undefined
      })
      await running
    },
  }
}
