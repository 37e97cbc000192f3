import { generateKeyPairSync, hash, randomBytes } from 'node:crypto'

import type { Clock } from '@cordon/foundation'

import type { planKeys } from '../../core/humans/key-rotation.ts'
import type { Database, Queries } from '../../ports/database.ts'
import { seal, unseal } from '../keys/sealed-text.ts'

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
  readonly sealed: Buffer
  readonly created_at: number
}

interface Held {
  readonly id: string
  readonly secret: string
  readonly createdAt: number
}

type Purpose = 'signing' | 'cookie'

/** Any number that nothing else in this database locks by: two replicas that start at once make one key. */
const lockNumber = 7_226_302

/**
 * The keys in force now; makes the next one where it is due, and removes those that nothing rests on any more.
 * @param sealingKey 32 bytes: without it nobody who has the database has a key
 * @throws IdentityError `SEALED_OTHERWISE` where they were sealed with another
 */
export const readOidcKeys = async (
  database: Database,
  clock: Clock,
  plan: typeof planKeys,
  sealingKey: Buffer,
): Promise<OidcKeys> =>
  database.transaction(async queries => {
    await queries.query('select pg_advisory_xact_lock($1::bigint)', [lockNumber])
    const facts = { queries, sealingKey, plan, now: clock.now() }
    const signing = await keysFor('signing', facts)
    const cookies = await keysFor('cookie', facts)
    return { signing: signing.map(text => JSON.parse(text) as PrivateSigningJwk), cookies }
  })

interface Facts {
  readonly queries: Queries
  readonly sealingKey: Buffer
  readonly plan: typeof planKeys
  readonly now: number
}

const keysFor = async (purpose: Purpose, facts: Facts): Promise<readonly string[]> => {
  const { queries, plan, now } = facts
  const held = await read(purpose, facts)
  if (plan(held, now).isNewDue) {
    const made = { ...make[purpose](), createdAt: now }
    await write(made, purpose, facts)
    held.push(made)
  }
  const { inUse, expired } = plan(held, now)
  if (expired.length > 0)
    await queries.query('delete from oidc_keys where id = any($1::text[])', [[...expired]])
  const secrets = new Map(held.map(({ id, secret }) => [id, secret]))
  return inUse.flatMap(id => secrets.get(id) ?? [])
}

const read = async (purpose: Purpose, { queries, sealingKey }: Facts): Promise<Held[]> => {
  const rows = await queries.query<Row>('select id, sealed, created_at from oidc_keys where purpose = $1', [
    purpose,
  ])
  return rows.map(({ id, sealed, created_at: createdAt }) => ({
    id,
    secret: unseal(sealed, sealedName(purpose, id), sealingKey),
    createdAt,
  }))
}

const write = async ({ id, secret }: Held, purpose: Purpose, facts: Facts): Promise<void> => {
  const sealed = seal(secret, sealedName(purpose, id), facts.sealingKey)
  await facts.queries.query(
    'insert into oidc_keys (id, purpose, sealed, created_at) values ($1, $2, $3, $4)',
    [id, purpose, sealed, facts.now],
  )
}

const sealedName = (purpose: Purpose, id: string): string => `${purpose} key ${id} of the OpenID provider`

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
