import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openWorkplace, startBackbone, startService, type Progress, type Workplace } from '@cordon/infra'
import type { Bundle } from '@cordon/policy'
import { encodeBaselines, type Baselines } from '@cordon/risk'
import type { StreamClient } from '@cordon/stream'

import { openClient, type StreamAccess } from './stream-access.ts'

export interface BenchStackOptions {
  readonly partitions: number
  readonly bundle: Bundle
  readonly baselines: Baselines
}

/** What a bench runs on: topics of its own, and the real scorer. */
export interface BenchStack {
  /** One line: which broker. */
  readonly broker: string
  /** For processes that open clients of their own. */
  readonly access: StreamAccess
  readonly client: StreamClient
  /** The scorer's metrics, in the text format. */
  scorerMetrics(): Promise<string>
  close(): Promise<void>
}

/** Brings up broker and registry where none are named, topics under a prefix of their own, and a scorer. */
export const startBenchStack = async (options: BenchStackOptions): Promise<BenchStack> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: tell })
  try {
    return await startOn(workplace, options)
  } catch (error) {
    await workplace.close()
    throw error
  }
}

const startOn = async (workplace: Workplace, options: BenchStackOptions): Promise<BenchStack> => {
  const bundleFile = join(workplace.folder, 'bundle.json')
  const baselinesFile = join(workplace.folder, 'baselines.json')
  await writeFile(bundleFile, JSON.stringify(options.bundle))
  await writeFile(baselinesFile, encodeBaselines(options.baselines))
  const topicPrefix = `${process.env['CORDON_TOPIC_PREFIX'] ?? ''}bench-${randomBytes(4).toString('hex')}-`
  const backbone = await startBackbone(workplace, { partitions: options.partitions, topicPrefix })
  const nodeOptions = process.env['NODE_OPTIONS']
  const { operationsUrl } = await startService(workplace, {
    service: 'scorer',
    variables: {
      ...backbone.variables,
      CORDON_BUNDLE_FILE: bundleFile,
      CORDON_BASELINES_FILE: baselinesFile,
      // A profiler is asked for this way, for every process of a bench.
      ...(nodeOptions !== undefined && { NODE_OPTIONS: nodeOptions }),
    },
  })
  const access: StreamAccess = { kafka: backbone.broker.settings, registry: backbone.registry.settings }
  const client = openClient(access)
  return {
    broker: backbone.broker.description,
    access,
    client,
    scorerMetrics: async () => await (await fetch(`${operationsUrl}/metrics`)).text(),
    close: async () => {
      await client.close()
      await workplace.close()
    },
  }
}

const tell = ({ part, state, text }: Progress): void => {
  if (state === 'ready') console.error(`${part}: ${text}`)
}
