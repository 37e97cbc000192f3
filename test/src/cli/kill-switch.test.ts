import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

import { cordon, temporaryFolder } from '../support/command.ts'

test('everything is stopped and let go on by its name alone, which no shell takes for that of files', async t => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    void text(request).then(body => {
      asked.push(`${request.method} ${request.url} ${body}`)
      response.end('{"openSessions":2,"notRenewed":2}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const secretFile = join(temporaryFolder(t), 'secret')
  writeFileSync(secretFile, 'a secret of operators, which is long enough', { mode: 0o600 })
  const identity = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const where = ['--identity', identity, '--secret-file', secretFile]
  const stopped = await cordon(t, ['revoke', 'everything', '--reason', 'odd', ...where])
  assert.deepEqual(
    [stopped.error, stopped.out],
    ['', 'everything:* is stopped, and with it open sessions: 2.\n'],
  )
  const lifted = await cordon(t, ['lift', 'everything', ...where])
  assert.deepEqual([lifted.error, lifted.code], ['', 0])
  assert.deepEqual(asked, [
    'POST /revocations {"scope":"everything:*","reason":"odd","force":false}',
    'DELETE /revocations/everything%3A* ',
  ])
})
