import type { Schema, Type } from 'avsc'
import avsc from 'avsc'

import { BoundedArrayType } from './bounded-array-type.ts'

/** An Avro type whose values are plain: records are plain objects, unions hold their value itself, enums are strings. */
export const parseSchema = (text: string): Type => {
  const type = avsc.Type.forSchema(JSON.parse(text) as Schema, {
    wrapUnions: 'never',
    omitRecordMethods: true,
    typeHook: (schema, options) => (isArray(schema) ? new BoundedArrayType(schema, options) : undefined),
  })
  visit(type, new Set())
  return type
}

const isArray = (schema: Schema): boolean =>
  typeof schema === 'object' && 'type' in schema && schema.type === 'array'

const visit = (type: Type, seen: Set<Type>): void => {
  if (seen.has(type)) return
  seen.add(type)
  for (const part of partsOf(type)) visit(part, seen)
  // Otherwise a decoded record would be an instance of a class of its own, and deeply equal to nothing but its like.
  if (type instanceof avsc.types.RecordType) type.recordConstructor.prototype = Object.prototype
}

const partsOf = (type: Type): readonly Type[] => {
  if (type instanceof avsc.types.RecordType) return type.fields.map(field => field.type)
  if (type instanceof avsc.types.ArrayType) return [type.itemsType]
  if (type instanceof avsc.types.UnwrappedUnionType) return type.types
  return []
}
