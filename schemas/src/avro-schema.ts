/** The part of the Avro 1.12 schema language that Cordon uses. */
export type AvroSchema =
  | string
  | readonly AvroSchema[]
  | AvroRecord
  | AvroEnum
  | { readonly type: 'array'; readonly items: AvroSchema }
  | { readonly type: 'long'; readonly logicalType: 'timestamp-millis' }

export interface AvroRecord {
  readonly type: 'record'
  readonly name: string
  readonly namespace?: string
  readonly doc: string
  readonly fields: readonly AvroField[]
}

export interface AvroEnum {
  readonly type: 'enum'
  readonly name: string
  readonly namespace?: string
  readonly doc: string
  readonly symbols: readonly string[]
  readonly default?: string
}

export interface AvroField {
  readonly name: string
  readonly type: AvroSchema
  readonly doc: string
  readonly default?: unknown
}
