import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import {
  keyBundle,
  openWorkplace,
  startBackbone,
  startService,
  type InfraError,
  type OnProgress,
} from '@cordon/infra'
import type { Bundle } from '@cordon/policy'
import { encodeBaselines, type Baselines } from '@cordon/risk'
import { openSerde } from '@cordon/serde'
import { openKafkaClient, type RecordCodec, type StreamClient } from '@cordon/stream'

export interface ReplayStackOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onProgress: OnProgress
  readonly partitions: number
  readonly bundle: Bundle
  readonly baselines: Baselines
}

/** What a replay runs on: topics of its own, and the real scorer. */
export interface ReplayStack {
  readonly client: StreamClient
  readonly codec: RecordCodec
  /** As given, with the scorer's key. */
  readonly bundle: Bundle
  /** Resolves when the broker, the registry or the scorer ended by itself. */
  readonly failed: Promise<InfraError>
  close(): Promise<void>
}

/** Brings up broker and registry where none are named, topics under a prefix of their own, and a scorer. */
export const startReplayStack = async (options: ReplayStackOptions): Promise<ReplayStack> => {
  const workplace = await openWorkplace({ environment: options.environment, onProgress: options.onProgress })
  try {
    const { bundle, bundleFile, decisionKeyFile } = await keyBundle(workplace.folder, options.bundle)
    const baselinesFile = join(workplace.folder, 'baselines.json')
    await writeFile(baselinesFile, encodeBaselines(options.baselines))
    const topicPrefix = `${options.environment['CORDON_TOPIC_PREFIX'] ?? ''}replay-${randomBytes(4).toString('hex')}-`
    const backbone = await startBackbone(workplace, {
      partitions: options.partitions,
      topicPrefix,
      recordedTime: true,
    })
    await startService(workplace, {
      service: 'scorer',
      variables: {
        ...backbone.variables,
        CORDON_BUNDLE_FILE: bundleFile,
        CORDON_BASELINES_FILE: baselinesFile,
        CORDON_DECISION_KEY_FILE: decisionKeyFile,
        // Time passes as it was recorded: the player writes the ticks.
        CORDON_TICK_INTERVAL_MS: '0',
      },
    })
    const client = openKafkaClient(backbone.broker.settings, { log: quiet })
    const codec = await openSerde({ registry: backbone.registry.settings, topicPrefix, register: true })
    return {
      client,
      codec,
      bundle,
      failed: workplace.supervisor.failed,
      close: async () => {
        await client.close()
        await workplace.close()
      },
    }
  } catch (error) {
    await workplace.close()
    throw error
  }
}

/** Faults that do not pass are thrown; the others are the stream's own business. */
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
