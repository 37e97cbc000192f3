import {
  fileText,
  flag,
  milliseconds,
  port,
  readSettings,
  serviceSettings,
  serviceVariables,
  SettingsError,
  type Environment,
  type ServiceSettings,
} from '@cordon/settings'
import { z } from 'zod'

import type { ToolServer } from './core/tool-server.ts'

/** What the proxy can be told. */
export interface ProxyConfig extends ServiceSettings {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** How agents reach it, where that is not `http://<host>:<port>`. */
  readonly publicUrl: string | undefined
  /** Where clients may get tokens; part of the protected-resource metadata. */
  readonly authorizationServer: string | undefined
  readonly engineSocket: string
  readonly servers: Readonly<Record<string, ToolServer>>
  /** How long a tool server may be silent about a request. */
  readonly callTimeoutMs: number
  /** How long a call may take in all, whatever progress its server tells. */
  readonly maxCallMs: number
  /** How long an MCP session may lie unused. */
  readonly idleTimeoutMs: number
  /** Whether what tool servers write to standard error is logged, or counted alone. */
  readonly logServerErrors: boolean
  /** Of the proxy's environment, what every program needs to find itself. */
  readonly childEnvironment: Readonly<Record<string, string>>
}

const minuteMs = 60_000

/** Beyond the minute after which the official clients give up; progress starts it anew. */
const defaultCallTimeoutMs = 5 * minuteMs
/** A server that tells progress for ever keeps a call open. */
const defaultMaxCallMs = 60 * minuteMs
/** A person's pause; a stdio server holds some 60 MB for it. */
const defaultIdleTimeoutMs = 30 * minuteMs

/** The list that the official client hands to its children. */
const inheritedVariables = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER', 'LANG', 'TZ', 'TMPDIR']

const origin = (): z.ZodType<string, string> =>
  z
    .string()
    .regex(/^https?:\/\/[^/]+\/?$/, { error: 'expected http(s)://host[:port] without a path' })
    .transform(text => text.replace(/\/$/, ''))

const schema = z.object({
  ...serviceVariables,
  CORDON_PROXY_HOST: z.string().min(1).default('127.0.0.1'),
  CORDON_PROXY_PORT: port(),
  CORDON_PROXY_PUBLIC_URL: origin().optional(),
  CORDON_AUTHORIZATION_SERVER: z.url({ protocol: /^https?$/ }).optional(),
  CORDON_ENGINE_SOCKET: z.string().min(1),
  CORDON_SERVERS_FILE: fileText(),
  CORDON_CALL_TIMEOUT_MS: milliseconds().default(defaultCallTimeoutMs),
  CORDON_CALL_MAX_MS: milliseconds().default(defaultMaxCallMs),
  CORDON_LOG_SERVER_STDERR: flag().default(false),
  CORDON_IDLE_TIMEOUT_MS: milliseconds().default(defaultIdleTimeoutMs),
})

const lowerCaseNames = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const texts = z.record(z.string(), z.string())

/** A name that stands in paths and in `server/tool`. */
const serverName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, {
  error: 'expected a server name of letters, digits, ".", "_" and "-"',
})

const overHttp = {
  url: z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' }),
  headers: texts.default({}).transform(lowerCaseNames),
}

const serversSchema = z.record(
  serverName,
  z.discriminatedUnion(
    'transport',
    [
      z.strictObject({
        transport: z.literal('stdio'),
        command: z.string().min(1),
        args: z.array(z.string()).default([]),
        env: texts.default({}),
        cwd: z.string().min(1).optional(),
      }),
      z.strictObject({ transport: z.literal('http'), ...overHttp }),
      z.strictObject({ transport: z.literal('sse'), ...overHttp }),
    ],
    { error: 'expected "stdio", "http" or "sse", got another transport' },
  ),
)

/**
 * @param source what the problems call the text: the variable or the file that it comes from
 * @throws SettingsError that lists every problem; values of the file, which may be secrets, are not among them
 */
export const parseServers = (text: string, source: string): Readonly<Record<string, ToolServer>> => {
  const problems = (list: readonly string[]): SettingsError =>
    new SettingsError(
      'proxy',
      list.map(problem => `${source}: ${problem}`),
    )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw problems(['expected JSON, got other text'])
  }
  const parsed = serversSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw problems(
    parsed.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
    ),
  )
}

/** @throws SettingsError that lists every problem */
export const readConfig = (environment: Environment): ProxyConfig => {
  const parsed = readSettings(schema, environment, { service: 'proxy' })
  return {
    ...serviceSettings(parsed),
    host: parsed.CORDON_PROXY_HOST,
    port: parsed.CORDON_PROXY_PORT,
    publicUrl: parsed.CORDON_PROXY_PUBLIC_URL,
    authorizationServer: parsed.CORDON_AUTHORIZATION_SERVER,
    engineSocket: parsed.CORDON_ENGINE_SOCKET,
    servers: parseServers(parsed.CORDON_SERVERS_FILE, 'CORDON_SERVERS_FILE'),
    callTimeoutMs: parsed.CORDON_CALL_TIMEOUT_MS,
    maxCallMs: parsed.CORDON_CALL_MAX_MS,
    logServerErrors: parsed.CORDON_LOG_SERVER_STDERR,
    idleTimeoutMs: parsed.CORDON_IDLE_TIMEOUT_MS,
    childEnvironment: Object.fromEntries(
      inheritedVariables.flatMap(name => {
        const value = environment[name]
        return value === undefined ? [] : [[name, value]]
      }),
    ),
  }
}
