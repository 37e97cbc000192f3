import type { PlannedEntry } from './plan-import.ts'
import { hasPlaceholder, type ToolServerEntry } from './tool-server.ts'

/** What an operator has to add for servers that Cordon does not know yet. */
export interface Suggestions {
  /** For the proxy's servers file. */
  readonly servers: Readonly<Record<string, ToolServerEntry>>
  /** For the bundle's catalogue: until somebody describes the tools each of them is sensitive, and waits for the scorer. */
  readonly catalogue: Readonly<Record<string, object>>
  /** For humans. */
  readonly notes: readonly string[]
}

/** @param tools of the profile: what the session is asked for */
export const suggestionsFor = (entries: readonly PlannedEntry[], tools: readonly string[]): Suggestions => {
  const known = new Set(tools.map(tool => tool.slice(0, tool.indexOf('/'))))
  const rewritten = entries.filter(entry => entry.what === 'rewritten')
  const unknown = rewritten.filter(({ server }) => !known.has(server))
  return {
    servers: Object.fromEntries(unknown.map(({ server, toolServer }) => [server, toolServer])),
    catalogue: Object.fromEntries(
      unknown.map(({ server }) => [
        `${server}/*`,
        { readOnly: false, sensitivity: 2, mode: 'gate', resources: [] },
      ]),
    ),
    notes: [
      ...rewritten
        .filter(({ server }) => known.has(server))
        .map(({ name, server }) => `"${name}": Cordon has a server "${server}"; that one is used`),
      ...rewritten
        .filter(({ name, server }) => name !== server)
        .map(({ name, server }) => `"${name}": called "${server}" in Cordon`),
      ...unknown
        .filter(({ toolServer }) => hasPlaceholder(toolServer))
        .map(
          ({ name }) =>
            `"${name}": has \${…}, which only its client fills in; write the value into the servers file`,
        ),
      ...unknown.map(
        ({ server }) =>
          `"${server}/*": to be added to the tools of the profile, of the agent's manifest, of the deployer and of the human`,
      ),
      ...entries.flatMap(entry =>
        entry.what === 'left' ? [`"${entry.name}": left as it is: ${entry.why}`] : [],
      ),
    ],
  }
}
