import assert from 'node:assert/strict'
import { test } from 'node:test'

import { greetTerminal } from './greet-terminal.ts'

const profile = { tools: ['files/read_text_file', 'files/list_directory', 'mail/*'] }

test('a human at a terminal is told what is waited for, and which servers there are', () => {
  assert.equal(
    greetTerminal('mail', profile),
    'Waiting for an MCP client on standard input; this profile has files, mail.',
  )
})

test('a human at a terminal hears at once of a server that the profile has no tools on', () => {
  assert.throws(() => greetTerminal('nosuch', profile), {
    code: 'SERVER_UNKNOWN',
    message: /no tools on server "nosuch", it has some on files, mail;/,
  })
})
