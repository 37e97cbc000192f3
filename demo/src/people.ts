import { fileURLToPath } from 'node:url'

import type { LocalHuman } from '@cordon/infra'

/** Who works at the company. Their groups mean what `bundle.json` says. */
export const people: readonly LocalHuman[] = [
  { subject: 'alice', name: 'Alice', email: 'alice@company.example', groups: ['support'] },
  { subject: 'bruno', name: 'Bruno', email: 'bruno@company.example', groups: ['analysts'] },
  // Whoever sits at the terminal.
  { subject: 'me', name: 'me', email: 'me@company.example', groups: ['support'] },
]

/** What the scripted agents run: the file that is vouched for. */
export const agentCode: Readonly<Record<'support-assistant' | 'report-writer', string>> = {
  'support-assistant': fileURLToPath(new URL('agents/support-agent.ts', import.meta.url)),
  'report-writer': fileURLToPath(new URL('agents/report-agent.ts', import.meta.url)),
}
