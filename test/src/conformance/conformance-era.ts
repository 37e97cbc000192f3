import { fileURLToPath } from 'node:url'

import { conformanceTools } from './conformance-tools.ts'
import { statelessTools } from './stateless-tools.ts'

export type Era = 'sessions' | 'stateless'

/** One era of MCP: which suite tests it, and which server it is tested with. */
export interface ConformanceEra {
  /** Each release of the suite tests the versions that it knows. */
  readonly suite: string
  /** Of MCP; `undefined`: all that the suite knows. */
  readonly specVersion: string | undefined
  readonly serverProgram: string
  readonly tools: readonly string[]
}

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const namesOf = (tools: readonly { readonly name: string }[]): string[] => tools.map(({ name }) => name)

export const conformanceEras: Readonly<Record<Era, ConformanceEra>> = {
  /** MCP 2025-11-25 and before. */
  sessions: {
    suite: '@modelcontextprotocol/conformance',
    specVersion: undefined,
    serverProgram: program('conformance-server.process.ts'),
    tools: namesOf(conformanceTools),
  },
  /** MCP 2026-07-28. */
  stateless: {
    suite: '@modelcontextprotocol/conformance-next',
    specVersion: '2026-07-28',
    serverProgram: program('stateless-server.process.ts'),
    tools: namesOf(statelessTools),
  },
}
