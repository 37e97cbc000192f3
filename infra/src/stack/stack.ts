import type { Bundle } from '@cordon/policy'

import type { InfraError } from '../infra-error.ts'
import type { PartName } from '../progress.ts'
import type { Backbone, BackboneOptions } from './backbone.ts'
import type { LocalAttester } from './local-identity.ts'
import type { LocalHuman, LocalHumans } from './local-humans.ts'
import type { ServiceName } from './service-entry.ts'
import type { Service } from './service.ts'

/** How the proxy reaches a tool server; its own words for `CORDON_SERVERS_FILE`. */
export type ToolServers = Readonly<Record<string, object>>

/** What the services of a stack guard, and what they judge by. */
export interface StackTools {
  readonly bundleFile: string
  readonly baselinesFile: string
  readonly toolServers: ToolServers
  /** Of agents of the bundle, the file that they run: the stack's build key vouches for it as it is now. */
  readonly agentCode?: Readonly<Record<string, string>>
  /** Who may sign in at identity itself; the bundle's provider `local` says what their groups mean. */
  readonly humans?: readonly LocalHuman[]
}

export interface StackOptions extends BackboneOptions {
  /** May still be coming up, beside broker and registry. */
  readonly tools: StackTools | Promise<StackTools>
  /** Where these are free they are taken, so that addresses stay the same over restarts. */
  readonly ports?: Readonly<Partial<Record<'identity' | 'proxy' | `${ServiceName}-operations`, number>>>
  /** Of the proxy, and no other: a wish of the person at the terminal. */
  readonly proxyPort?: number
  /** Further settings of single services. */
  readonly variables?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>
}

/** Everything runs and is ready. */
export interface Stack extends Backbone {
  readonly services: Readonly<Record<ServiceName, Service>>
  readonly identityUrl: string
  /** What operators show to identity. */
  readonly operatorSecret: string
  /** As the services have it. */
  readonly bundle: Bundle
  /** Vouches for code of this machine. */
  readonly attester: LocalAttester
  readonly agentCode: Readonly<Record<string, string>>
  readonly humans: LocalHumans | undefined
  /** MCP of a tool server: `<proxyUrl>/mcp/<server>`. */
  readonly proxyUrl: string
  readonly engineSocket: string
  /** Milliseconds from the start of the stack until the part was ready. */
  readonly readyAfterMs: ReadonlyMap<PartName, number>
  readonly totalMs: number
  /** Resolves when anything that was started in the workplace ended by itself (`Supervisor.failed`): services, broker, registry, database. */
  readonly failed: Promise<InfraError>
}
