import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openWorkplace, startBackbone, startService, type Progress, type Workplace } from '@cordon/infra'
import type { Bundle } from '@cordon/policy'
import { encodeBaselines, type Baselines } from '@cordon/risk'
import type { StreamClient } from '@cordon/stream'

import { benchSeed } from './bench-signer.ts'
import { openClient, type StreamAccess } from './stream-access.ts'

export interface BenchBackboneOptions {
  readonly partitions: number
  readonly bundle: Bundle
  readonly baselines: Baselines
  /** Events keep the time that they carry: for a log that is written faster than it happened. */
  readonly recordedTime?: boolean
}

/** Broker, registry and topics of a bench's own, and as many scorers as it asks for. */
export interface BenchBackbone {
  /** One line: which broker. */
  readonly broker: string
  /** For processes that open clients of their own. */
  readonly access: StreamAccess
  readonly client: StreamClient
  /** Resolves when it is ready. @param name of its log; each scorer of a run has its own */
  startScorer(name: string, variables?: Readonly<Record<string, string>>): Promise<BenchScorer>
  /** Resolves when it is ready, its database new. @param issuer where it is told to listen, too */
  startIdentity(issuer: URL): Promise<BenchIdentity>
  close(): Promise<void>
}

/** The real identity service, in a process of its own. */
export interface BenchIdentity {
  readonly pid: number
  /** What operators show. */
  readonly operatorSecret: string
}

/** The real scorer, in a process of its own. */
export interface BenchScorer {
  readonly pid: number
  readonly logFile: string
  /** In the text format. */
  metrics(): Promise<string>
  /** As `kill -9` does; resolves when it is gone. */
  kill(): Promise<void>
  /** Drains. */
  stop(): Promise<void>
}

/** Brings up broker and registry where none are named, and topics under a prefix of their own. */
export const openBenchBackbone = async (options: BenchBackboneOptions): Promise<BenchBackbone> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: tell })
  try {
    return await openOn(workplace, options)
  } catch (error) {
    await workplace.close()
    throw error
  }
}

const openOn = async (workplace: Workplace, options: BenchBackboneOptions): Promise<BenchBackbone> => {
  const { partitions, recordedTime = false } = options
  const bundleFile = join(workplace.folder, 'bundle.json')
  const decisionKeyFile = join(workplace.folder, 'decision-key')
  const baselinesFile = join(workplace.folder, 'baselines.json')
  await writeFile(bundleFile, JSON.stringify(options.bundle))
  await writeFile(decisionKeyFile, benchSeed.toString('base64url'), { mode: 0o600 })
  await writeFile(baselinesFile, encodeBaselines(options.baselines))
  const topicPrefix = `${process.env['CORDON_TOPIC_PREFIX'] ?? ''}bench-${randomBytes(4).toString('hex')}-`
  const backbone = await startBackbone(workplace, { partitions, topicPrefix, recordedTime })
  const access: StreamAccess = { kafka: backbone.broker.settings, registry: backbone.registry.settings }
  const client = openClient(access)
  return {
    broker: backbone.broker.description,
    access,
    client,
    startScorer: (name, variables = {}) =>
      startScorer(workplace, name, {
        ...backbone.variables,
        CORDON_BUNDLE_FILE: bundleFile,
        CORDON_BASELINES_FILE: baselinesFile,
        CORDON_DECISION_KEY_FILE: decisionKeyFile,
        ...profilerOptions(),
        ...variables,
      }),
    startIdentity: async issuer => {
      const operatorSecretFile = join(workplace.folder, 'operator-secret')
      const operatorSecret = randomBytes(24).toString('base64url')
      await writeFile(operatorSecretFile, operatorSecret, { mode: 0o600 })
      const { process: identity } = await startService(workplace, {
        service: 'identity',
        variables: {
          ...backbone.variables,
          CORDON_BUNDLE_FILE: bundleFile,
          CORDON_ISSUER: issuer.origin,
          CORDON_IDENTITY_PORT: issuer.port,
          CORDON_IDENTITY_KEY_FILE: join(workplace.folder, 'identity-key'),
          CORDON_FINGERPRINT_KEY_FILE: join(workplace.folder, 'fingerprint-key'),
          CORDON_IDENTITY_DATA_DIR: join(workplace.folder, 'identity-data'),
          CORDON_OPERATOR_SECRET_FILE: operatorSecretFile,
          // One human and one agent stand for all of a company's.
          CORDON_SESSIONS_PER_HUMAN: '1000000',
          CORDON_SESSIONS_PER_AGENT: '1000000',
          CORDON_EXCHANGES_PER_HUMAN: '1000000',
          CORDON_EXCHANGES_PER_AGENT: '1000000',
          ...profilerOptions(),
        },
      })
      return { pid: identity.pid, operatorSecret }
    },
    close: async () => {
      await client.close()
      await workplace.close()
    },
  }
}

const startScorer = async (
  workplace: Workplace,
  name: string,
  variables: Readonly<Record<string, string>>,
): Promise<BenchScorer> => {
  const started = await startService(workplace, { service: 'scorer', name, variables })
  const { pid, logFile, exited } = started.process
  return {
    pid,
    logFile,
    metrics: async () => await (await fetch(`${started.operationsUrl}/metrics`)).text(),
    kill: async () => {
      process.kill(pid, 'SIGKILL')
      await exited
    },
    stop: () => started.process.stop(),
  }
}

/** A profiler is asked for this way, for every process of a bench. */
export const profilerOptions = (): Readonly<Record<string, string>> => {
  const nodeOptions = process.env['NODE_OPTIONS']
  return nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }
}

const tell = ({ part, state, text }: Progress): void => {
  if (state === 'ready') console.error(`${part}: ${text}`)
}
