import {
  createEngine,
  createRevocationTable,
  type Engine,
  type EnginePorts,
  type KafkaRevocations,
  openKafkaRevocations,
} from '@cordon/engine'
import { parseEngineId, systemClock, type SessionId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import type { SessionDecision } from '@cordon/schemas'
import type { RecordCodec, StreamClient } from '@cordon/stream'
import { parseKeySet } from '@cordon/tokens'

import { openBenchEnginePorts } from '../stack/bench-engine-ports.ts'
import { openClient, type StreamAccess } from '../stack/stream-access.ts'

/** An engine with a Kafka client and a table of its own. */
export interface HostedEngine {
  readonly index: number
  /** As it is in service: what it lets pass and what it refuses goes on record. */
  readonly engine: Engine
  /** The same checks and table, but nothing goes on record: dozens of engines that ask all the time would be a load of their own. */
  readonly asking: Engine
  holds(sessionId: SessionId): boolean
  close(): Promise<void>
}

export interface HostedEngineOptions {
  readonly index: number
  readonly access: StreamAccess
  readonly codec: RecordCodec
  readonly bundle: Bundle
  readonly onDecision: (decision: SessionDecision) => void
  /** Identity, whose kill switch it obeys; absent where there is none. */
  readonly issuer?: string
  readonly onRevoked: (scope: string) => void
}

/** Resolves when its table is complete. */
export const openHostedEngine = async (options: HostedEngineOptions): Promise<HostedEngine> => {
  const { index, access, codec, bundle, onDecision, issuer, onRevoked } = options
  const client = openClient(access)
  const engineId = `engine-${index}`
  const revocations =
    issuer === undefined ? undefined : await openRevocations(issuer, { client, codec, onRevoked })
  const opened = await openBenchEnginePorts({
    engineId,
    client,
    codec,
    bundle,
    onDecision,
    ...(revocations && { revocations }),
  })
  await Promise.all([opened.caughtUp, revocations?.caughtUp])
  const engineOn = (ports: EnginePorts): Engine =>
    createEngine({ engineId: parseEngineId(engineId), ports, clock: systemClock, observer: silent })
  return {
    index,
    engine: engineOn(opened.ports),
    asking: engineOn({ ...opened.ports, sessionLog: unrecorded, sequences: uncounted }),
    holds: sessionId => opened.ports.decisions.find(sessionId) !== undefined,
    close: async () => {
      await opened.close()
      await revocations?.close()
      await client.close()
    },
  }
}

/** As in service, but for the keys: none rotates in a run, and what cannot be verified ends it. */
const openRevocations = async (
  issuer: string,
  {
    client,
    codec,
    onRevoked,
  }: { client: StreamClient; codec: RecordCodec; onRevoked: (scope: string) => void },
): Promise<KafkaRevocations> => {
  const keys = parseKeySet(await (await fetch(`${issuer}/.well-known/jwks.json`)).json())
  return openKafkaRevocations({
    client,
    codec,
    table: createRevocationTable(),
    issuer,
    keys: () => keys,
    onChanged: (_change, { scope }) => onRevoked(scope),
    onRefused: cause => lost(`one that is ${cause}`),
    onKeyMissing: () => lost('one of another key'),
    onFault: () => lost('one that cannot be read'),
  })
}

const lost = (what: string): never => {
  throw new Error(`bench engine: expected every statement of the kill switch to arrive, got ${what}`)
}

const silent = {
  callDecided: () => undefined,
  callRepeated: () => undefined,
  proofReplayed: () => undefined,
  toolDrifted: () => undefined,
  outcomeTakenOver: () => undefined,
  outcomeUnattributed: () => undefined,
}
const unrecorded: EnginePorts['sessionLog'] = { append: () => ({ onRecord: () => Promise.resolve(true) }) }
const uncounted: EnginePorts['sequences'] = { next: () => 0 }
