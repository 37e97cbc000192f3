import { isDeepStrictEqual } from 'node:util'

import { compatibilityProblems } from './compatibility.ts'
import type { RecordName } from './generated/records.ts'
import { recordSchemas } from './generated/records.ts'
import { readReleased, writeReleased } from './released-schemas.ts'

// Keeps each schema that changed since its last release as a new version under released/. Nothing is written where one
// of them is not compatible.

const records = Object.keys(recordSchemas) as RecordName[]

const changed = records
  .map(record => ({ record, schema: recordSchemas[record], released: readReleased(record) }))
  .filter(({ schema, released }) => {
    const latest = released.at(-1)
    return latest === undefined || !isDeepStrictEqual(JSON.parse(latest.schema), JSON.parse(schema))
  })

const problems = changed.flatMap(({ record, schema, released }) =>
  compatibilityProblems(schema, released).map(problem => `${record}: ${problem}`),
)

if (problems.length > 0) {
  process.stderr.write(`not released, because it would not be compatible:\n  ${problems.join('\n  ')}\n`)
  process.exitCode = 1
} else {
  for (const { record, schema, released } of changed) {
    const version = released.length + 1
    writeReleased(record, { version, schema })
    process.stdout.write(`${record}: version ${version}\n`)
  }
  if (changed.length === 0) process.stdout.write('nothing changed since the last release\n')
}
