import type { InfraError } from '../infra-error.ts'
import type { PartName } from '../progress.ts'
import type { Backbone, BackboneOptions } from './backbone.ts'
import type { ServiceName } from './service-entry.ts'
import type { Service } from './service.ts'

/** How the proxy reaches a tool server; its own words for `CORDON_SERVERS_FILE`. */
export type ToolServers = Readonly<Record<string, object>>

/** What the services of a stack guard, and what they judge by. */
export interface StackTools {
  readonly bundleFile: string
  readonly baselinesFile: string
  readonly toolServers: ToolServers
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
  /** What opens sessions at identity. */
  readonly startupSecret: string
  /** MCP of a tool server: `<proxyUrl>/mcp/<server>`. */
  readonly proxyUrl: string
  readonly engineSocket: string
  /** Milliseconds from the start of the stack until the part was ready. */
  readonly readyAfterMs: ReadonlyMap<PartName, number>
  readonly totalMs: number
  /** Resolves when anything that was started in the workplace ended by itself (`Supervisor.failed`): services, broker, registry, database. */
  readonly failed: Promise<InfraError>
}
