import assert from 'node:assert/strict'
import { test } from 'node:test'

import { planImport } from './plan-import.ts'
import { suggestionsFor } from './suggestions.ts'

const launcher = {
  command: '/usr/bin/node',
  args: ['/opt/cordon/cli/src/main.ts'],
  profileFile: '/home/a/.cordon/connect.json',
}
const imported = planImport(JSON.stringify({ mcpServers: { notes: { command: 'a' } } }), launcher).text
const notesOf = (text: string, tools: readonly string[]): readonly string[] =>
  suggestionsFor(planImport(text, launcher).entries, tools).notes

test('a server that goes through Cordon and that it no longer has is told anew', () => {
  assert.deepEqual(notesOf(imported, ['files/*']), [
    '"notes": Cordon has no server "notes" now; does not work until it is added: cordon up --servers',
  ])
  assert.deepEqual(notesOf(imported, ['files/*', 'notes/read']), [])
})

test('which servers another profile has nobody here knows', () => {
  const elsewhere = imported.replace(launcher.profileFile, '/elsewhere/connect.json')
  assert.deepEqual(notesOf(elsewhere, ['files/*']), [])
})
