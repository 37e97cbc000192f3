import { z } from 'zod'

import type { Environment } from './read-settings.ts'
import { flag, port } from './variable.ts'

/** What every service can be told. */
export interface ServiceSettings {
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  /** Of `/livez`, `/readyz` and `/metrics`, on loopback; 0 lets the system choose. */
  readonly operationsPort: number
  /** Drain and exit when standard input ends, so that nothing outlives a launcher that crashed. */
  readonly exitWithStdin: boolean
}

/** Spread into the schema of every service. */
export const serviceVariables: Readonly<{
  CORDON_LOG_LEVEL: z.ZodDefault<z.ZodType<ServiceSettings['logLevel'], string>>
  CORDON_OPERATIONS_PORT: z.ZodDefault<z.ZodType<number, string>>
  CORDON_EXIT_WITH_STDIN: z.ZodDefault<z.ZodType<boolean, string>>
}> = {
  CORDON_LOG_LEVEL: (
    z.enum(['debug', 'info', 'warn', 'error']) as z.ZodType<ServiceSettings['logLevel'], string>
  ).default('info'),
  CORDON_OPERATIONS_PORT: port().default(0),
  CORDON_EXIT_WITH_STDIN: flag().default(false),
}

/** @param parsed what `readSettings` gave for a schema with `serviceVariables` in it */
export const serviceSettings = (
  parsed: Readonly<z.output<z.ZodObject<typeof serviceVariables>>>,
): ServiceSettings =>
  Object.freeze({
    logLevel: parsed.CORDON_LOG_LEVEL,
    operationsPort: parsed.CORDON_OPERATIONS_PORT,
    exitWithStdin: parsed.CORDON_EXIT_WITH_STDIN,
  })

/**
 * Whether a service exits with its standard input: what `runService` must know before the settings are read, because
 * reading them can fail. A value that is neither `true` nor `false` is reported by `readSettings`.
 */
export const exitsWithStdin = (environment: Environment): boolean =>
  environment['CORDON_EXIT_WITH_STDIN'] === 'true'
