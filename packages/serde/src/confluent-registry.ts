// Of this package the REST client only: its serializers cost 28-125 µs a record, its root 1-2 s and 50 MB at the start.
import {
  Compatibility,
  SchemaRegistryClient,
} from '@confluentinc/schemaregistry/dist/schemaregistry-client.js'
import { RestError } from '@confluentinc/schemaregistry/dist/rest-error.js'
import { TransientFault } from '@cordon/stream'

import type { RegistryAccess, SchemaRegistry } from './schema-registry.ts'
import { SerdeError } from './serde-error.ts'

// A registry that starts up takes 2 s for its first registration.
const requestTimeoutMs = 10_000
const retries = 3
const firstRetryMs = 100
const longestRetryMs = 1_000

/** A registry that speaks Confluent's REST API. */
export const openConfluentRegistry = ({ url, username, password }: RegistryAccess): SchemaRegistry => {
  const client = new SchemaRegistryClient({
    baseURLs: [url],
    createAxiosDefaults: { timeout: requestTimeoutMs },
    maxRetries: retries,
    retriesWaitMs: firstRetryMs,
    retriesMaxWaitMs: longestRetryMs,
    ...(username !== undefined && {
      basicAuthCredentials: { credentialsSource: 'USER_INFO', userInfo: `${username}:${password ?? ''}` },
    }),
  })
  const avro = (schema: string): { schema: string; schemaType: string } => ({ schema, schemaType: 'AVRO' })

  return {
    register: async (subject, schema) => {
      // Before the first version exists, so that none ever gets past it.
      await ask(subject, () => requireCompatibility(client, subject))
      return ask(subject, () => client.register(subject, avro(schema), false))
    },
    lookUp: (subject, schema) => orNothing(ask(subject, () => client.getId(subject, avro(schema), false))),
    fetch: schemaId =>
      orNothing(ask(`schema ${schemaId}`, async () => (await client.getBySubjectAndId('', schemaId)).schema)),
  }
}

const requireCompatibility = async (client: SchemaRegistryClient, subject: string): Promise<void> => {
  const set = (): Promise<unknown> => client.updateCompatibility(subject, Compatibility.FULL_TRANSITIVE)
  try {
    await set()
  } catch (error) {
    // Apicurio answers so when two services set it for the first time at the same moment; then it is there to be set.
    if (!(error instanceof RestError) || error.status !== 409) throw error
    await set()
  }
}

/** Asks, and turns what the client throws into what Cordon throws. */
const ask = async <Answer>(what: string, question: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await question()
  } catch (error) {
    throw translate(what, error)
  }
}

// The client's own errors go no further: those of axios carry the request with its credentials.
const translate = (what: string, error: unknown): Error => {
  if (!(error instanceof RestError))
    return new TransientFault(`schema registry: expected an answer about ${what}, got ${faultOf(error)}`)
  if (notFoundCodes.has(error.errorCode)) return new NotFound(what)
  if (error.status === 409)
    return new SerdeError(
      'SCHEMA_INCOMPATIBLE',
      `schema registry: ${what}: expected a schema compatible with every earlier version, got one that is not (409)`,
    )
  if (error.status >= 500 || error.status === 408 || error.status === 429)
    return new TransientFault(`schema registry: expected an answer about ${what}, got status ${error.status}`)
  return new SerdeError(
    'REGISTRY_REFUSED',
    `schema registry: ${what}: expected to be served, got status ${error.status} (error code ${error.errorCode})`,
  )
}

const faultOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'an unknown fault'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

// Subject, version, schema. A 404 without one of them comes from something that is no registry.
const notFoundCodes: ReadonlySet<number> = new Set([40401, 40402, 40403])

class NotFound extends SerdeError {
  constructor(what: string) {
    super('REGISTRY_REFUSED', `schema registry: ${what}: expected to be there, got status 404`)
  }
}

const orNothing = async <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}
