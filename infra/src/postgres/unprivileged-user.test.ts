import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseUsers, unprivilegedUser } from './unprivileged-user.ts'

test('reads user and group ids', () => {
  const users = parseUsers('root:x:0:0::/root:/bin/sh\npostgres:x:101:104:,,,:/var/lib:/bin/bash\n\nbroken\n')
  assert.deepEqual([...users.keys()], ['root', 'postgres'])
  assert.deepEqual(users.get('postgres'), { uid: 101, gid: 104 })
})

test('whoever is not root stays who they are', () => {
  assert.equal(unprivilegedUser(1000), undefined)
})
