// Who may import whom, as data. The checks beside this file read it; ARCHITECTURE explains it.

/** What a workspace is, by its folder. */
export type Layer =
  'schemas' | 'packages' | 'services' | 'infra' | 'replay' | 'demo' | 'cli' | 'test' | 'bench'

/** `schemas ← packages ← services ← infra ← replay ← demo ← cli ← test, bench` */
export const layerImports: Readonly<Record<Layer, readonly Layer[]>> = {
  schemas: [],
  // Among each other without cycles.
  packages: ['schemas', 'packages'],
  // Never each other: they meet through topics, HTTP, the engine's socket and schemas.
  services: ['schemas', 'packages'],
  infra: ['schemas', 'packages', 'services'],
  replay: ['schemas', 'packages', 'services', 'infra'],
  demo: ['schemas', 'packages', 'services', 'infra', 'replay'],
  cli: ['schemas', 'packages', 'services', 'infra', 'replay', 'demo'],
  test: ['schemas', 'packages', 'services', 'infra', 'replay', 'demo', 'cli'],
  bench: ['schemas', 'packages', 'services', 'infra', 'replay', 'demo', 'cli'],
}

/** A part of a service. */
export interface Zone {
  readonly name: string
  /** Of a path below the service's `src/`; the first zone that matches is the file's. */
  readonly files: RegExp
  /** Zones that it may import. */
  readonly imports: readonly string[]
  /** Zones of which it may import types. */
  readonly types: readonly string[]
}

/** Inside a service: `core → ports`, `adapters → ports + core types`, `main → all`. */
export const serviceZones: readonly Zone[] = [
  { name: 'core', files: /^core\//, imports: ['core', 'ports'], types: [] },
  { name: 'ports', files: /^ports(\.ts$|\/)/, imports: ['ports'], types: ['core'] },
  {
    name: 'adapters',
    files: /^adapters\//,
    imports: ['adapters', 'ports', 'errors'],
    types: ['core', 'events', 'config'],
  },
  { name: 'errors', files: /^[\w-]+-error\.ts$/, imports: [], types: [] },
  // What is counted and logged is computed in core, and named after what the other parts do.
  {
    name: 'events',
    files: /^(events|metrics)\.ts$/,
    imports: ['events', 'core'],
    types: ['ports', 'adapters', 'errors', 'main'],
  },
  { name: 'config', files: /^config\.ts$/, imports: ['errors'], types: ['core', 'ports', 'adapters'] },
  // Whatever composes: main.ts, index.ts and what they are made of.
  {
    name: 'main',
    files: /./,
    imports: ['main', 'core', 'ports', 'adapters', 'errors', 'events', 'config'],
    types: [],
  },
]

/** Folders whose code only computes: no I/O, no clock, no randomness, no waiting. */
export const pureFolders: readonly RegExp[] = [/^services\/[\w-]+\/src\/core\//, /^packages\/risk\/src\//]

/** What pure code may import as values; everything else gives it types only. */
export const purePackages: readonly string[] = [
  '@cordon/attestation',
  '@cordon/decisions',
  '@cordon/engine-socket',
  '@cordon/extraction',
  '@cordon/foundation',
  '@cordon/policy',
  '@cordon/risk',
  '@cordon/schemas',
  '@cordon/tokens',
  // A binary heap: it reads no clock, and does no I/O.
  'tinyqueue',
]

/** Exports of those packages that pure code must be handed instead. */
export const impureExports: Readonly<Record<string, string>> = {
  systemClock: 'let the caller pass `now`',
  uuidV7: 'let the caller pass the id, or a function behind a port',
  loadBundleFile: 'let the caller pass the bundle, or a BundleSource',
  loadExtraction: 'load it in main.ts',
  openFingerprintKey: 'open it in main.ts, or in what that is made of',
  openDecisionKeyFile: 'open it in main.ts, or in what that is made of',
  generateSigningKeyPem: 'let an adapter make keys',
  generateVoucherKeyPem: 'let an adapter make keys',
  generateHolderKey: 'let an adapter make keys',
  generateDownstreamSecret: 'let an adapter make keys',
  createEngineClient: 'put the socket behind a port',
  createEngineServer: 'put the socket behind a port',
}

/** Globals that pure code must not touch. */
export const impureGlobals: readonly string[] = [
  'Date',
  'performance',
  'process',
  'crypto',
  'console',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Math.random',
]

/** Libraries that one place stands for, so that it can be changed, mended and tested in one place. */
export const guardedModules: readonly { readonly module: string; readonly only: readonly string[] }[] = [
  // The tests watch the broker with a client that is not ours.
  { module: 'kafkajs', only: ['packages/stream', 'test'] },
  { module: '@confluentinc/schemaregistry', only: ['packages/serde'] },
  { module: 'avsc', only: ['packages/serde', 'schemas'] },
  { module: 'pino', only: ['packages/telemetry'] },
  { module: 'prom-client', only: ['packages/telemetry'] },
  { module: 'libpg-query', only: ['packages/extraction'] },
]

/** Folders in which only a service's `config.ts` reads the environment; its `main.ts` may hand it there whole. */
export const environmentFree: RegExp = /^(schemas|packages|services)\//
export const environmentReader: RegExp = /^services\/[\w-]+\/src\/config\.ts$/
export const environmentGiver: RegExp = /^services\/[\w-]+\/src\/main\.ts$/
