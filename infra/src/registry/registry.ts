import type { KafkaSettings, RegistrySettings } from '@cordon/settings'

import type { ArtefactContext } from '../artefacts/artefact-store.ts'
import type { ServiceProcess } from '../process/service-process.ts'

/** A schema registry that answers. */
export interface Registry {
  readonly source: 'SCHEMA_REGISTRY_URL' | 'java'
  /** One line for people: which one, where, and how long its ids live. */
  readonly description: string
  /** What a service gets in its environment to reach it. */
  readonly variables: Readonly<Record<string, string>>
  readonly settings: RegistrySettings
  /** Where it was started here. */
  readonly process?: ServiceProcess
}

export interface RegistryOptions extends ArtefactContext {
  /** The launcher's environment: `SCHEMA_REGISTRY_URL` and the `CORDON_REGISTRY_*` variables count. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where ids are kept: they must live exactly as long as the topics whose records name them. */
  readonly storage: RegistryStorage
}

export type RegistryStorage =
  | { readonly kind: 'memory' }
  /** In topics of this broker, under its prefix. It need not answer yet. */
  | { readonly kind: 'broker'; readonly kafka: KafkaSettings }
