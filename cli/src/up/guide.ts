import type { Service, StackTools } from '@cordon/infra'
import type { Bundle } from '@cordon/policy'

import { scoreExplained } from '../live/score-in-words.ts'
import { printable } from '../terminal/printable.ts'
import { connectLines, type ConnectLinesOptions } from './connect-lines.ts'
import type { ConnectProfile } from './connect-profiles.ts'

export interface GuideOptions {
  readonly stack: ConnectLinesOptions['stack'] & {
    readonly proxyUrl: string
    readonly services: Readonly<Record<string, Pick<Service, 'service' | 'operationsUrl'>>>
  }
  /** Where keys and logs are. */
  readonly folder: string
  readonly toolServers: StackTools['toolServers']
  readonly bundle: Pick<Bundle, 'roles' | 'thresholds'>
  readonly profiles: readonly ConnectProfile[]
  /** Below which the demo's `files` works. */
  readonly companyFolder: string | undefined
  /** Where the bundle stands that was made because none was named. */
  readonly starterBundleFile: string | undefined
  /** Nothing before said how a score comes about. */
  readonly explainsScore: boolean
}

/** How to go on from here: one's own client, the metrics, the logs. */
export const guideLines = (options: GuideOptions): string[] => {
  const { stack, folder, bundle, companyFolder, profiles } = options
  return paragraphs([
    connectLines({ stack, profiles, servers: Object.keys(options.toolServers) }),
    [
      ...(companyFolder === undefined ? [] : [`The server files works below ${companyFolder}.`]),
      ...(options.starterBundleFile === undefined ? [] : starterLines(options.starterBundleFile)),
    ],
    options.explainsScore ? scoreExplained(bundle.thresholds) : [],
    [
      'A session whose agent was held or stopped before, while it worked for the same human, begins with that history. What needs an',
      'approval is denied: approvals do not exist yet. For a fresh start take another agent, or another folder (--data). A session that',
      'ended in good standing teaches what is normal for its agent: here 5 s later, elsewhere after a day.',
    ],
    [
      'Agents come in at the proxy; tool servers that check call tokens (packages/tokens/README.md) name identity to the letter:',
      `  proxy    ${stack.proxyUrl}`,
      `  identity ${stack.identityUrl}`,
    ],
    [
      'Metrics (Prometheus); beside them /livez and /readyz:',
      ...Object.values(stack.services).map(
        ({ service, operationsUrl }) => `  ${service.padEnd(9)} ${operationsUrl}/metrics`,
      ),
    ],
    [`Logs: ${folder}/logs    Ctrl-C stops everything.`],
  ]).map(printable)
}

/** One empty line before each that says anything. */
const paragraphs = (texts: readonly (readonly string[])[]): string[] =>
  texts.flatMap(lines => (lines.length === 0 ? [] : ['', ...lines]))

const starterLines = (file: string): readonly string[] => [
  'No --bundle: every tool counts as one that changes something and is sensitive. To say which ones only read, and which are held until',
  `the scorer has judged the call, copy ${file}, change the copy and name it (docs/own-tools.md).`,
]
