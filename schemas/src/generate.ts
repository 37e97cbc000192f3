import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { AvroEnum, AvroField, AvroRecord, AvroSchema } from './avro-schema.ts'

// Writes src/generated/records.ts from avro/*.avsc: a type per record, and each schema as one self-contained
// document, because a registry stores a schema without the files beside it.

type Named = AvroRecord | AvroEnum

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const readNamed = (folder: string): Named[] =>
  readdirSync(folder)
    .filter(file => file.endsWith('.avsc'))
    .sort()
    .map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Named)

const shared = new Map(readNamed(here('../avro/shared')).map(type => [type.name, type]))

/** Replaces the first mention of each shared type by its definition; Avro allows a name to be defined once. */
const inline = (schema: AvroSchema, defined: Set<string>): AvroSchema => {
  if (typeof schema === 'string') {
    const type = shared.get(schema)
    if (type === undefined || defined.has(schema)) return type === undefined ? schema : `cordon.${schema}`
    defined.add(schema)
    return type.type === 'record' ? inlineRecord(type, defined) : type
  }
  if (isUnion(schema)) return schema.map(member => inline(member, defined))
  if (schema.type === 'array') return { type: 'array', items: inline(schema.items, defined) }
  return schema
}

const inlineRecord = (record: AvroRecord, defined: Set<string>): AvroRecord => ({
  ...record,
  fields: record.fields.map(field => ({ ...field, type: inline(field.type, defined) })),
})

const isUnion = (schema: AvroSchema): schema is readonly AvroSchema[] => Array.isArray(schema)

const primitives: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  string: 'string',
  bytes: 'Buffer',
}

const typeText = (schema: AvroSchema): string => {
  if (typeof schema === 'string') return primitives[schema] ?? schema
  if (isUnion(schema)) return schema.map(typeText).join(' | ')
  if (schema.type === 'array') return `readonly ${typeText(schema.items)}[]`
  if (schema.type === 'long') return 'number'
  return schema.name
}

const unitOf = (schema: AvroSchema): string =>
  typeof schema === 'object' && 'logicalType' in schema ? ' Milliseconds since the Unix epoch.' : ''

const fieldText = (field: AvroField): string =>
  `  /** ${field.doc}${unitOf(field.type)} */\n  readonly ${field.name}: ${typeText(field.type)}`

const declaration = (type: Named): string =>
  type.type === 'enum'
    ? `/** ${type.doc} */\nexport type ${type.name} = ${type.symbols.map(symbol => `'${symbol}'`).join(' | ')}`
    : `/** ${type.doc} */\nexport interface ${type.name} {\n${type.fields.map(fieldText).join('\n')}\n}`

const records = readNamed(here('../avro')) as AvroRecord[]

/** The text of the generated module. */
export const generate = (): string =>
  [
    '// Generated from avro/*.avsc by `npm run generate -w @cordon/schemas`. Do not edit.',
    ...[...shared.values(), ...records].map(declaration),
    `/** Every record by its name. */\nexport interface Records {\n${records.map(({ name }) => `  readonly ${name}: ${name}`).join('\n')}\n}`,
    '/** The name of a record. */\nexport type RecordName = keyof Records',
    `/** Each record's schema as one self-contained Avro document. */\nexport const recordSchemas: Readonly<Record<RecordName, string>> = {\n${records
      .map(record => `  ${record.name}: ${JSON.stringify(JSON.stringify(inlineRecord(record, new Set())))},`)
      .join('\n')}\n}`,
    '',
  ].join('\n\n')

export const generatedFile: string = here('./generated/records.ts')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(here('./generated'), { recursive: true })
  writeFileSync(generatedFile, generate())
}
