import type { KafkaSettings } from '@cordon/settings'

import type { RunLength } from '../java/java-command.ts'
import type { ArtefactContext } from '../artefacts/artefact-store.ts'
import type { ServiceProcess } from '../process/service-process.ts'

/** A broker that answers. */
export interface Broker {
  readonly source: BrokerSourceName
  /** One line for people: which one, which version, where, for how long. */
  readonly description: string
  /** What a service gets in its environment to reach it. */
  readonly variables: Readonly<Record<string, string>>
  readonly settings: KafkaSettings
  /** True where topics may outlive it: it is persistent, or somebody else's. */
  readonly lasting: boolean
  /** Where it was started here. */
  readonly process?: ServiceProcess
}

export type BrokerSourceName = 'KAFKA_BROKERS' | 'java'

export interface BrokerOptions extends ArtefactContext {
  /** The launcher's environment: `KAFKA_BROKERS` and the `CORDON_KAFKA_*` variables count. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where topics live on. Omitted: a throw-away broker. */
  readonly dataFolder?: string
  /** Broker settings on top of ours, for a broker that is started here. */
  readonly overrides?: Readonly<Record<string, string>>
  /** What a broker that is started here is made ready for; default: a short one. */
  readonly run?: RunLength | undefined
}

/** A broker whose address is known already, so that others can start beside it. */
export interface PreparedBroker extends Omit<Broker, 'description' | 'process'> {
  /** Resolves when it answers. @throws InfraError */
  start(): Promise<Broker>
}

/** One way to come by a broker. */
export interface BrokerSource {
  readonly name: BrokerSourceName
  /**
   * Resolves with the reason where this source has nothing to offer, so that the next one is asked.
   * @throws InfraError where it has, and it is unusable: somebody chose it, so nothing else is taken silently
   */
  prepare(options: BrokerOptions): Promise<PreparedBroker | { readonly unavailable: string }>
}
