import type { Clock, SessionId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import type { Standing } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import type { TableOptions } from '@cordon/stream'
import type { DownstreamKey } from '@cordon/tokens'

import { createCallProofs } from './adapters/call-proofs.ts'
import { createDownstreamTokens } from './adapters/downstream-tokens.ts'
import { openHttpKeySet } from './adapters/http-key-set.ts'
import { type KafkaRevocations, openKafkaRevocations } from './adapters/kafka-revocations.ts'
import { createSessionTokens } from './adapters/session-tokens.ts'
import { createRevocationTable } from './core/revocation-table.ts'
import type { Engine } from './engine.ts'
import { createEngineFixture } from './engine-fixture.ts'
import { bundle, decisionOf } from './session-fixture.ts'
import type { HeldDecision, SessionRecord } from './ports.ts'

/** An engine whose tokens, proofs, revocations and downstream tokens are real; scorers and the log are made by hand. */
export interface ProvenEngine {
  readonly engine: Engine
  /** What stands in the sessions' logs. */
  readonly log: readonly SessionRecord[]
  /** What would be signals: `proof replayed <server>`, `revocation forged <scope>`. */
  readonly signals: readonly string[]
  /** What scorers say; a session that is not here is unknown. */
  readonly standings: Map<SessionId, Standing>
  /** Its bundle, but for what a test says. */
  changeBundle(change: Partial<Bundle>): void
  /** What the catalogue pins of the tool from now on, by `server/tool`. */
  pin(tool: string, definition: string): void
  /** @param event happens while a gated call waits for its verdict */
  whileWaiting(event: () => void): void
  /** A record of the topic `revocations`; `null` is a tombstone. */
  takeRevocation(scope: string, statement: string | null): void
  close(): void
}

export interface ProvenEngineOptions {
  readonly issuer: string
  /** Of the issuer. */
  readonly jwksUrl: string
  readonly key: DownstreamKey
  readonly clock: Clock
}

/** A process of its own, as far as proofs are concerned. Resolves when it holds the issuer's keys. */
export const openProvenEngine = async (options: ProvenEngineOptions): Promise<ProvenEngine> => {
  const { issuer, jwksUrl, key, clock } = options
  const signals: string[] = []
  const standings = new Map<SessionId, Standing>()
  const held = new Map<SessionId, HeldDecision>()
  let revocations: KafkaRevocations | undefined
  const keySet = openHttpKeySet({
    url: jwksUrl,
    minRefreshMs: 0,
    onRefreshed: () => revocations?.keysChanged(),
    onFault: () => undefined,
  })

  const codec = createLocalSerde()
  let topic: TableOptions | undefined
  revocations = await openKafkaRevocations({
    client: {
      openTable(given) {
        topic = given
        return Promise.resolve({
          caughtUp: Promise.resolve(),
          position: () => 0n,
          staleness: () => 0,
          maxStaleness: 0,
          failed: new Promise(() => undefined),
          close: () => Promise.resolve(),
        })
      },
    },
    codec,
    table: createRevocationTable(),
    issuer,
    keys: () => keySet.current(),
    onChanged: (change, { scope }) => signals.push(`${change} ${scope}`),
    onRefused: (cause, scope) => signals.push(`revocation ${cause} ${scope}`),
    onKeyMissing: () => void keySet.refresh(),
    onFault: () => signals.push('revocation unreadable'),
  })

  await keySet.refresh()

  const find = (sessionId: SessionId): HeldDecision | undefined => {
    const standing = standings.get(sessionId)
    const before = held.get(sessionId)
    if (standing === undefined || before?.decision.standing === standing) return before
    const decision = decisionOf(standing, { sessionId, version: (before?.decision.version ?? 0) + 1 })
    held.set(sessionId, { decision, receivedAt: clock.now() })
    return held.get(sessionId)
  }

  const fixture = createEngineFixture(
    {
      tokens: createSessionTokens(issuer, keySet),
      proofs: createCallProofs(),
      revocations,
      downstream: createDownstreamTokens(issuer, { current: () => key }),
      decisions: { find, arrival: sessionId => Promise.resolve(find(sessionId)), staleness: () => 0 },
    },
    clock,
  )

  return {
    engine: fixture.engine,
    log: fixture.log,
    get signals() {
      return [...signals, ...fixture.replayed.map(server => `proof replayed ${server}`)]
    },
    standings,
    changeBundle: change => {
      fixture.world.bundle = { ...bundle, ...change }
    },
    pin(tool, definition) {
      const { bundle } = fixture.world
      const entry = bundle?.catalogue[tool]
      if (bundle === undefined || entry === undefined) return
      const catalogue = { ...bundle.catalogue, [tool]: { ...entry, definition } }
      fixture.world.bundle = { ...bundle, catalogue }
    },
    whileWaiting: event => {
      fixture.world.whileWaiting = event
    },
    takeRevocation: (scope, statement) => {
      const value =
        statement === null ? null : codec.encode('revocations', 'Revocation', { scope, statement })
      topic?.onRecord({
        topic: 'revocations',
        partition: 0,
        offset: 1n,
        timestamp: clock.now(),
        key: Buffer.from(scope),
        value,
      })
    },
    close: () => keySet.close(),
  }
}
