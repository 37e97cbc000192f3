import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

/** The registry that the test run brought. Its absence is a failure: no test passes by skipping. */
export const registryUrl = (): string => {
  const url = process.env['SCHEMA_REGISTRY_URL']
  assert.ok(url, 'SCHEMA_REGISTRY_URL: expected the URL of a schema registry, got nothing')
  return url
}

/** Subjects of its own for each test. */
export const ownPrefix = (): string => `serde-${randomUUID()}.`

/** Registers a schema the way a stranger would, without Cordon's code. */
export const registerPlainly = async (
  subject: string,
  schema: object,
): Promise<{ status: number; id: number | undefined }> => {
  const response = await fetch(`${registryUrl()}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schemaType: 'AVRO', schema: JSON.stringify(schema) }),
  })
  const { id } = (await response.json()) as { id?: number }
  return { status: response.status, id }
}
