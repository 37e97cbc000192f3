import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import * as prettier from 'prettier'

import { faultPage } from './faults/fault-page.ts'
import { readProofs } from './faults/read-proofs.ts'

// npm run faults: writes docs/faults.md from the tests.

const root = fileURLToPath(new URL('..', import.meta.url))
const file = join(root, 'docs', 'faults.md')
const options = await prettier.resolveConfig(file)
writeFileSync(file, await prettier.format(faultPage(readProofs(root)), { ...options, filepath: file }))
