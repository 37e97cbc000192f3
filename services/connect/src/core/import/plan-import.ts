import { canonicalJson } from '@cordon/foundation'

import { type ConfigEntry, parseClientConfig } from './client-config.ts'
import { serverNameOf, type ToolServerEntry, toolServerOf } from './tool-server.ts'

/** How a client starts the shim. */
export interface Launcher {
  readonly command: string
  /** What comes before `connect`. */
  readonly args: readonly string[]
  /** Absolute: clients start their servers in folders of their own. */
  readonly profileFile: string
}

/** Tool servers that Cordon has by now: it knows their names, and not whether a client means the same ones. */
export interface KnownServers {
  readonly names: ReadonlySet<string>
  /** Of these the ones that the human wants in place of the client's own. */
  readonly used: ReadonlySet<string>
}

export interface ImportPlan {
  /** The whole new text of the configuration; as it was where there is nothing to do. */
  readonly text: string
  readonly entries: readonly PlannedEntry[]
}

export type PlannedEntry = { readonly name: string } & (
  | { readonly what: 'rewritten'; readonly server: string; readonly toolServer: ToolServerEntry }
  /** It goes through Cordon already, by this profile or another one. */
  | { readonly what: 'through-cordon'; readonly server: string; readonly isOfProfile: boolean }
  /** Cordon's server of that name may be another one; the human did not say to use it. */
  | { readonly what: 'name-taken'; readonly server: string; readonly toolServer: ToolServerEntry }
  | { readonly what: 'left'; readonly why: string }
)

const noneKnown: KnownServers = { names: new Set(), used: new Set() }

/** Members that say how a server is started or reached; all others are the client's own and stay. */
const moved: ReadonlySet<string> = new Set(['command', 'args', 'env', 'cwd', 'url', 'headers', 'type'])

/**
 * What a configuration has to be so that its servers go through Cordon. Done twice it changes nothing.
 * @throws CordonError `CLIENT_CONFIG_INVALID`
 */
export const planImport = (text: string, launcher: Launcher, known: KnownServers = noneKnown): ImportPlan => {
  const { entries } = parseClientConfig(text)
  const taken = new Set([...known.names, ...entries.flatMap(({ value }) => shimOf(value)?.server ?? [])])
  // A client that keeps servers for each project names the same one again and again.
  const named = new Map<string, string>()
  const planned = entries.map((entry): PlannedEntry & { readonly entry: ConfigEntry } => {
    const { name, value } = entry
    const shim = shimOf(value)
    if (shim !== undefined) {
      const isOfProfile = shim.profileFile === launcher.profileFile
      return { name, entry, what: 'through-cordon', server: shim.server, isOfProfile }
    }
    const toolServer = toolServerOf(value)
    if (typeof toolServer === 'string') return { name, entry, what: 'left', why: toolServer }
    const knownName = serverNameOf(name, new Set())
    if (known.names.has(knownName)) {
      // However often the client has it, and however it starts it: there is one of that name.
      const what = known.used.has(knownName) ? 'rewritten' : 'name-taken'
      return { name, entry, what, server: knownName, toolServer }
    }
    const identical = canonicalJson([name, toolServer])
    const server = named.get(identical) ?? serverNameOf(name, taken)
    named.set(identical, server)
    taken.add(server)
    return { name, entry, what: 'rewritten', server, toolServer }
  })

  let result = text
  // From the end, so that the places before stay where they are.
  for (const { entry, ...plan } of planned.toSorted((a, b) => b.entry.start - a.entry.start)) {
    if (plan.what !== 'rewritten') continue
    const replacement = entryText(text, entry, rewritten(entry.value, plan.server, launcher))
    result = result.slice(0, entry.start) + replacement + result.slice(entry.end)
  }
  return { text: result, entries: planned.map(({ entry: _place, ...plan }) => plan) }
}

/** What an entry of ours connects to. */
const shimOf = ({
  command,
  args,
}: ConfigEntry['value']): { readonly server: string; readonly profileFile: unknown } | undefined => {
  if (typeof command !== 'string' || !Array.isArray(args)) return undefined
  const words: readonly unknown[] = [command, ...(args as unknown[])]
  const at = words.indexOf('connect')
  const before = words[at - 1]
  const [server, flag, profileFile] = words.slice(at + 1)
  const isOurs = typeof before === 'string' && /(?:^|[/\\])(?:cordon|cli[/\\]src[/\\]main\.ts)$/.test(before)
  return isOurs && typeof server === 'string' && flag === '--profile' ? { server, profileFile } : undefined
}

const rewritten = (value: ConfigEntry['value'], server: string, launcher: Launcher): object => ({
  ...('type' in value && { type: 'stdio' }),
  command: launcher.command,
  args: [...launcher.args, 'connect', server, '--profile', launcher.profileFile],
  ...Object.fromEntries(Object.entries(value).filter(([name]) => !moved.has(name))),
})

/** Indented and ended as the lines around it. */
const entryText = (text: string, { start, end }: ConfigEntry, value: object): string => {
  const before = text.slice(0, start)
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
  const outer = /^[\t ]*/.exec(text.slice(lineStart, start))?.[0] ?? ''
  const entry = text.slice(start, end)
  const inner = /[\n\r]([\t ]+)"/.exec(entry)?.[1]
  if (inner === undefined) return JSON.stringify(value)
  const step = inner.startsWith(outer) && inner.length > outer.length ? inner.slice(outer.length) : '  '
  const lineEnd = /\r\n|\n|\r/.exec(entry)?.[0] ?? '\n'
  return JSON.stringify(value, null, step)
    .split('\n')
    .join(lineEnd + outer)
}
