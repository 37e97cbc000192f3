import { fileURLToPath } from 'node:url'

/** The services that a local stack runs. */
export type ServiceName = 'identity' | 'engine' | 'proxy' | 'scorer'

/**
 * How much of the young generation Node collects at a time, MiB. A scorer on a backlog gets 5-13 % further per CPU second
 * with 16 than with 4; of 32 nothing more was seen. Latency is the same with 4 and 16: p99 22 and 36 ms against 29 and 31 at
 * 5,000 events a second, in turns.
 */
export const youngGeneration = '--max-semi-space-size=16'

/** What Node is started with. Services are found by their place: nothing imports them. */
export const serviceArguments = (service: ServiceName): readonly string[] => [
  youngGeneration,
  fileURLToPath(new URL(`../../../services/${service}/src/main.ts`, import.meta.url)),
]
