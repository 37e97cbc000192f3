import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { conformanceTools } from './conformance-tools.ts'
import { statelessTools } from './stateless-tools.ts'

export type Era = 'sessions' | 'stateless'

/** One era of MCP: which suite tests it, and which server it is tested with. */
export interface ConformanceEra {
  /** The suite's command. Each release of it tests the versions that it knows. */
  readonly suite: string
  /** Of MCP; `undefined`: all that the suite knows. */
  readonly specVersion: string | undefined
  readonly serverProgram: string
  readonly tools: readonly string[]
}

const require = createRequire(import.meta.url)
const commandOf = (manifest: string): string => join(dirname(manifest), 'dist', 'index.js')
const namesOf = (tools: readonly { readonly name: string }[]): string[] => tools.map(({ name }) => name)

export const conformanceEras: Readonly<Record<Era, ConformanceEra>> = {
  /** MCP 2025-11-25 and before. */
  sessions: {
    suite: commandOf(require.resolve('@modelcontextprotocol/conformance/package.json')),
    specVersion: undefined,
    serverProgram: fileURLToPath(new URL('conformance-server.process.ts', import.meta.url)),
    tools: namesOf(conformanceTools),
  },
  /** MCP 2026-07-28. */
  stateless: {
    suite: commandOf(require.resolve('@modelcontextprotocol/conformance-next/package.json')),
    specVersion: '2026-07-28',
    serverProgram: fileURLToPath(new URL('stateless-server.process.ts', import.meta.url)),
    tools: namesOf(statelessTools),
  },
}
