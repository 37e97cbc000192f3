import type { EngineKeyBook } from './adapters/engine-keys/engine-key-book.ts'
import type { KeyRing } from './adapters/keys/key-ring.ts'
import { startRepeated } from './adapters/repeated.ts'
import type { KillSwitch } from './adapters/revocations/kill-switch.ts'
import type { Sessions } from './core/sessions.ts'
import type { IdentityEvents } from './events.ts'

/** How late a session may end in its log; its tokens never outlive it. */
const sweepMs = 1000
/** How late a replica knows of another's key or revocation; a key is published for much longer before it signs. */
const refreshMs = 5000
const purgeMs = 60_000

/** What identity does whether or not anybody asks. @returns stops it, and waits for what is under way */
export const startUpkeep = (parts: {
  readonly sessions: Sessions
  readonly keys: KeyRing
  readonly killSwitch: KillSwitch
  readonly engineKeys: EngineKeyBook
  readonly events: IdentityEvents
}): (() => Promise<void>) => {
  const { sessions, keys, killSwitch, engineKeys, events } = parts
  const onFault = (error: unknown): void => events.upkeepFailed(error)
  const stops = [
    startRepeated(
      sweepMs,
      async () => {
        for (const { reason } of await sessions.endDue()) events.sessionEnded(reason)
      },
      onFault,
    ),
    startRepeated(
      refreshMs,
      async () => {
        await keys.refresh()
        await killSwitch.refresh()
        await engineKeys.refresh()
      },
      onFault,
    ),
    startRepeated(purgeMs, async () => sessions.purge(), onFault),
  ]
  return async () => {
    await Promise.all(stops.map(async stop => stop()))
  }
}
