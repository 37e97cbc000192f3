import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

import { CordonError } from '@cordon/foundation'

import { ask } from './ask.ts'

/** What is typed at a terminal, not shown and asked for twice; elsewhere the first line of standard input. */
export const readSecret = async (what: string): Promise<string> => {
  if (!process.stdin.isTTY) return firstLine()
  const secret = await askHidden(`${what}: `)
  if ((await askHidden(`${what} again: `)) !== secret)
    throw new CordonError('SECRETS_DIFFER', `${what}: expected the same twice, got two that differ`)
  return secret
}

const askHidden = async (prompt: string): Promise<string> => {
  process.stderr.write(prompt)
  // The terminal's own echo is off; what the line editor would echo instead goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  try {
    return await ask('', { input: process.stdin, editor: nowhere })
  } finally {
    process.stderr.write('\n')
  }
}

const firstLine = async (): Promise<string> => {
  const lines = createInterface({ input: process.stdin })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
  }
}
