/** An entry of the proxy's servers file. */
export type ToolServerEntry =
  | {
      readonly transport: 'stdio'
      readonly command: string
      readonly args: readonly string[]
      readonly env: Readonly<Record<string, string>>
      readonly cwd?: string
    }
  | {
      readonly transport: 'http' | 'sse'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
    }

/** What a client's entry says of its server; a text where Cordon has no way to start or reach it. */
export const toolServerOf = (entry: Readonly<Record<string, unknown>>): ToolServerEntry | string => {
  const { command, args = [], env = {}, cwd, url, headers = {}, type } = entry
  if (typeof command === 'string' && command !== '' && url === undefined) {
    if (!isTextList(args)) return '"args" is no list of texts'
    if (!isTextRecord(env)) return '"env" has a value that is no text'
    if (entry['envFile'] !== undefined) return 'it reads an "envFile", which the proxy does not'
    return {
      transport: 'stdio',
      command,
      args,
      env,
      ...(typeof cwd === 'string' && cwd !== '' && { cwd }),
    }
  }
  if (typeof url === 'string' && command === undefined) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return '"url" is no http(s) URL'
    if (!isTextRecord(headers)) return '"headers" has a value that is no text'
    // HTTP+SSE, 2024-11-05.
    return { transport: type === 'sse' ? 'sse' : 'http', url, headers }
  }
  return 'it has neither a "command" nor a "url", or both'
}

/** `${…}` is filled in by some clients, and by nobody else. */
export const hasPlaceholder = (server: ToolServerEntry): boolean => /\$\{[^}]*\}/.test(JSON.stringify(server))

/** A name that stands in paths and in `server/tool`, as near to the client's as can be. */
export const serverNameOf = (name: string, taken: ReadonlySet<string>): string => {
  const plain =
    name
      .replaceAll(/[^\w.-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, longestStem) || 'server'
  let free = plain
  for (let number = 2; taken.has(free); number += 1) free = `${plain}-${number}`
  return free
}

/** Of 64 characters, some for a number. */
const longestStem = 56

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(item => typeof item === 'string')

const isTextRecord = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(item => typeof item === 'string')
