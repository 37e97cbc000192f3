import { serversOf } from '../server-names.ts'
import type { PlannedEntry } from './plan-import.ts'
import { shownServer } from './shown-server.ts'
import { hasPlaceholder, type ToolServerEntry } from './tool-server.ts'

/** What an operator has to add for servers that Cordon does not know yet. */
export interface Suggestions {
  /** For the proxy's servers file. */
  readonly servers: Readonly<Record<string, ToolServerEntry>>
  /** For the bundle's catalogue: until somebody describes the tools each of them is sensitive, and waits for the scorer. */
  readonly catalogue: Readonly<Record<string, object>>
  /** Servers that Cordon has by now. A servers file of one's own takes their place. */
  readonly known: readonly string[]
  /** For humans. */
  readonly notes: readonly string[]
}

/** @param tools of the profile: what the session is asked for */
export const suggestionsFor = (entries: readonly PlannedEntry[], tools: readonly string[]): Suggestions => {
  const known = serversOf(tools)
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
    known: [...known],
    notes: [
      ...rewritten
        .filter(({ server }) => known.has(server))
        .map(
          ({ name, server, toolServer }) =>
            `"${name}": becomes Cordon's own server "${server}"; no longer used is: ${shownServer(toolServer)}`,
        ),
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
        ({ name, server }) =>
          `"${name}": Cordon has no server "${server}" yet; does not work until it is added, as is said after writing`,
      ),
      ...entries.flatMap(entry =>
        entry.what === 'through-cordon' && entry.isOfProfile && !known.has(entry.server)
          ? [
              `"${entry.name}": Cordon has no server "${entry.server}" now; does not work until it is added: cordon up --servers`,
            ]
          : [],
      ),
      ...entries.flatMap(entry =>
        entry.what === 'name-taken'
          ? [
              `"${entry.name}": left as it is, so NOT behind Cordon: Cordon's own server "${entry.server}" may be another one than: ` +
                `${shownServer(entry.toolServer)}. --use-known puts Cordon's in its place`,
            ]
          : [],
      ),
      ...entries.flatMap(entry =>
        entry.what === 'left' ? [`"${entry.name}": left as it is: ${entry.why}`] : [],
      ),
    ],
  }
}
