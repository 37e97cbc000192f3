import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { connect } from 'node:net'
import { delimiter, resolve } from 'node:path'

import type { parseServers } from '@cordon/proxy'

type Server = ReturnType<typeof parseServers>[string]

/** A tool server of which can be seen without a call that none will get through. */
export interface UnstartableServer {
  readonly server: string
  /** Expected and got. */
  readonly detail: string
}

const patienceMs = 2_000

/**
 * One look at each server, for whoever just named them: is there such a command, does anybody listen. Nothing is started or sent; what it
 * cannot see shows with the first call.
 * @param path where the proxy looks for commands
 */
export const unstartableServers = async (
  servers: Readonly<Record<string, Server>>,
  path: string,
): Promise<readonly UnstartableServer[]> => {
  const looks = Object.entries(servers).map(async ([server, settings]) => {
    const detail = await (settings.transport === 'stdio'
      ? lookAtCommand(settings, settings.env['PATH'] ?? path)
      : lookAtAddress(new URL(settings.url)))
    return detail === undefined ? [] : [{ server, detail }]
  })
  return (await Promise.all(looks)).flat()
}

const lookAtCommand = async (
  { command, cwd = '.' }: Extract<Server, { readonly transport: 'stdio' }>,
  path: string,
): Promise<string | undefined> => {
  // A command with a slash is a file; any other is looked for.
  const folders = command.includes('/') ? [''] : path.split(delimiter)
  const faults = await Promise.all(folders.map(folder => faultOfProgram(resolve(cwd, folder, command))))
  if (faults.includes(undefined)) return undefined
  // That there is one which may not be started says more than that others are not there.
  const fault = faults.find(each => each !== 'ENOENT') ?? 'ENOENT'
  return `expected its command to start, got ${fault}`
}

const faultOfProgram = async (file: string): Promise<string | undefined> => {
  try {
    await access(file, constants.X_OK)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'ENOENT'
  }
}

const lookAtAddress = ({ hostname, port, protocol }: URL): Promise<string | undefined> =>
  new Promise(done => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    })
    const end = (detail?: string): void => {
      socket.destroy()
      done(detail)
    }
    socket.setTimeout(patienceMs, () =>
      end(`expected to reach it, got no connection within ${patienceMs} ms`),
    )
    socket.once('connect', () => end())
    socket.once('error', error => end(`expected to reach it, got ${codeOf(error)}`))
  })

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.name)
