/** The tool servers that a profile's tools (`server/tool`, `server/*`) are on: those that Cordon has for its session. */
export const serversOf = (tools: readonly string[]): ReadonlySet<string> =>
  new Set(tools.map(tool => tool.slice(0, tool.indexOf('/'))))
