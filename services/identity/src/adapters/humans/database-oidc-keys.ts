import { generateKeyPairSync, hash, randomBytes } from 'node:crypto'

import type { Clock } from '@cordon/foundation'

import type { planKeys } from '../../core/humans/key-rotation.ts'
import type { Database, Queries } from '../../ports/database.ts'

/** A private ES256 key (RFC 7517). */
export interface PrivateSigningJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly d: string
  readonly kid: string
  readonly alg: 'ES256'
  readonly use: 'sig'
}

/** What the embedded provider signs with; the first of each signs, the others are published or accepted. */
export interface OidcKeys {
  readonly signing: readonly PrivateSigningJwk[]
  readonly cookies: readonly string[]
}

interface Row {
  readonly id: string
  readonly secret: string
  readonly created_at: number
}

type Purpose = 'signing' | 'cookie'

/** Any number that nothing else in this database locks by: two replicas that start at once make one key. */
const lockNumber = 7_226_302

/** The keys in force now; makes the next one where it is due, and removes those that nothing rests on any more. */
export const readOidcKeys = async (
  database: Database,
  clock: Clock,
  plan: typeof planKeys,
): Promise<OidcKeys> =>
  database.transaction(async queries => {
    await queries.query('select pg_advisory_xact_lock($1::bigint)', [lockNumber])
    const now = clock.now()
    const signing = await keysFor(queries, 'signing', now, plan)
    const cookies = await keysFor(queries, 'cookie', now, plan)
    return { signing: signing.map(text => JSON.parse(text) as PrivateSigningJwk), cookies }
  })

const keysFor = async (
  queries: Queries,
  purpose: Purpose,
  now: number,
  plan: typeof planKeys,
): Promise<readonly string[]> => {
  const rows = await read(queries, purpose)
  if (plan(rows.map(ageOf), now).isNewDue) {
    const made = make[purpose]()
    await queries.query('insert into oidc_keys (id, purpose, secret, created_at) values ($1, $2, $3, $4)', [
      made.id,
      purpose,
      made.secret,
      now,
    ])
    rows.push({ ...made, created_at: now })
  }
  const { inUse, expired } = plan(rows.map(ageOf), now)
  if (expired.length > 0)
    await queries.query('delete from oidc_keys where id = any($1::text[])', [[...expired]])
  const secrets = new Map(rows.map(({ id, secret }) => [id, secret]))
  return inUse.flatMap(id => secrets.get(id) ?? [])
}

const read = async (queries: Queries, purpose: Purpose): Promise<Row[]> => [
  ...(await queries.query<Row>('select id, secret, created_at from oidc_keys where purpose = $1', [purpose])),
]

const ageOf = ({ id, created_at: createdAt }: Row): { id: string; createdAt: number } => ({ id, createdAt })

const make: Readonly<Record<Purpose, () => { readonly id: string; readonly secret: string }>> = {
  signing: () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' })
    // RFC 7638: the members in this order, and no others.
    const id = hash('sha256', JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }), 'base64url')
    const jwk: PrivateSigningJwk = { kty: 'EC', crv: 'P-256', x, y, d, kid: id, alg: 'ES256', use: 'sig' }
    return { id, secret: JSON.stringify(jwk) }
  },
  cookie: () => ({
    id: randomBytes(16).toString('base64url'),
    secret: randomBytes(32).toString('base64url'),
  }),
}
