import type { Claim } from './claim.ts'

/** Where something goes wrong, as somebody looks for it. */
export interface Place {
  readonly title: string
  readonly about: string
  /** What is said of all of its rows. */
  readonly note?: string
  /** Folders whose tests prove it: the one below `services`, `packages` or `test/src`. */
  readonly folders: readonly string[]
  /** Of folders of another place, whose tests run the whole stack: `folder/file`, without `.test.ts`. */
  readonly files?: readonly string[]
}

/** In the order in which a call passes them; then what stands below all of them. */
const places: readonly Place[] = [
  {
    title: 'Agent',
    about: 'the agent’s machine: `cordon connect`, the library below it',
    folders: ['connect', 'agent-client'],
  },
  {
    title: 'Identity',
    about: 'log-in, sessions, tokens, the kill switch',
    folders: ['identity', 'identity-login', 'attacks'],
  },
  {
    title: 'Proxy',
    about: 'MCP of both generations: agents in front, tool servers behind',
    folders: ['proxy'],
  },
  {
    title: 'Engine',
    about: 'what is asked of each call, and its record',
    folders: ['engine', 'engine-socket'],
  },
  { title: 'Scorer', about: 'what is made of a session', folders: ['scorer'] },
  {
    title: 'A part gone',
    about: 'one of them, the broker or the registry is away',
    note:
      'The rows are about services that run by themselves. `cordon up` starts nothing anew: where one of its parts dies it says which, and ' +
      'stops all of them.',
    folders: ['fail-safe'],
    files: ['infra/stack-broker-restart'],
  },
  {
    title: 'Log',
    about: 'what is written to Kafka and read from it',
    folders: ['stream'],
    files: ['infra/hostile-records'],
  },
  {
    title: 'Start',
    about: 'settings, keys, bundle, ports and folders; operations ports; topics that do not fit',
    folders: ['infra', 'decisions', 'policy', 'telemetry'],
  },
]

const elsewhere: Place = { title: 'Elsewhere', about: 'what belongs to none of these', folders: [] }

/** @returns places that have claims, with them */
export const claimsByPlace = (
  claims: readonly Claim[],
): readonly { readonly place: Place; readonly claims: readonly Claim[] }[] =>
  [...places, elsewhere]
    .map(place => ({ place, claims: claims.filter(({ path }) => placeOf(path) === place) }))
    .filter(each => each.claims.length > 0)

const placeOf = (path: string): Place => {
  const [, below = '', folder = ''] =
    /^(?:services|packages|test\/src)\/(([\w-]+)\/.*)\.test\.ts$/.exec(path) ?? []
  return (
    places.find(({ files = [] }) => files.includes(below)) ??
    places.find(({ folders }) => folders.includes(folder)) ??
    elsewhere
  )
}
