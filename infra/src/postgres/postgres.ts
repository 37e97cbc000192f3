import type { ServiceProcess } from '../process/service-process.ts'

/** A database that answers. */
export interface Postgres {
  /** `installed`: the machine's own PostgreSQL; `pglite`: PostgreSQL compiled to WebAssembly. */
  readonly kind: 'installed' | 'pglite'
  /** One line for people. */
  readonly description: string
  /** `postgres://…` of the owner; it carries the password. */
  readonly connectionString: string
  readonly process: ServiceProcess
}
