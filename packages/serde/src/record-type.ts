import type { RecordName } from '@cordon/schemas'
import { recordSchemas } from '@cordon/schemas'
import type { Type } from 'avsc'

import { parseSchema } from './parse-schema.ts'

export interface RecordType {
  readonly name: RecordName
  readonly type: Type
}

/** Our schema of each record, by its full name (`cordon.Tick`). */
export const recordTypes: ReadonlyMap<string, RecordType> = new Map(
  (Object.keys(recordSchemas) as RecordName[]).map(name => [
    `cordon.${name}`,
    { name, type: parseSchema(recordSchemas[name]) },
  ]),
)
