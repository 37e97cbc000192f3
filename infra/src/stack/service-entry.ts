import { fileURLToPath } from 'node:url'

/** The services that a local stack runs. */
export type ServiceName = 'identity' | 'engine' | 'proxy' | 'scorer'

/** The file that Node runs. Services are found by their place: nothing imports them. */
export const serviceEntry = (service: ServiceName): string =>
  fileURLToPath(new URL(`../../../services/${service}/src/main.ts`, import.meta.url))
