import { fileURLToPath } from 'node:url'

/** The services that a local stack runs. */
export type ServiceName = 'identity' | 'engine' | 'proxy' | 'scorer'

/**
 * How much of the young generation Node collects at a time. Pauses grow with it: 20-30 ms at the default of 16 MiB on two
 * busy cores, a few at this size, for some more work in total.
 */
export const youngGeneration = '--max-semi-space-size=4'

/** What Node is started with. Services are found by their place: nothing imports them. */
export const serviceArguments = (service: ServiceName): readonly string[] => [
  youngGeneration,
  fileURLToPath(new URL(`../../../services/${service}/src/main.ts`, import.meta.url)),
]
