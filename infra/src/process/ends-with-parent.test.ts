import assert from 'node:assert/strict'
import { test } from 'node:test'

import { endsWithParent } from './ends-with-parent.ts'

const program = { command: 'java', args: ['-version'] }

test('a program is bound to its parent where the system can do that, and started as it is elsewhere', () => {
  assert.deepEqual(endsWithParent(program, true), {
    command: 'setpriv',
    args: ['--pdeathsig', 'KILL', '--', 'java', '-version'],
  })
  assert.deepEqual(endsWithParent(program, false), program)
})
