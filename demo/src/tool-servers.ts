import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** How the proxy starts one tool server. */
export interface StdioServer {
  readonly transport: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

// Both packages are commands, not modules: their entry is found beside their package.json.
const serverEntry = (name: string): string =>
  join(dirname(require.resolve(`${name}/package.json`)), 'dist', 'index.js')

/**
 * The two real MCP servers of the scenario: files of a scratch folder, tables of a database.
 * @param databaseUrl without the password, because everybody can read arguments
 * @param passwordFile where the password stands, in the format of libpq's password file
 */
export const toolServers = (
  folder: string,
  databaseUrl: string,
  passwordFile: string,
): Readonly<Record<'files' | 'database', StdioServer>> => {
  const server = (name: string, argument: string): StdioServer => ({
    transport: 'stdio',
    command: process.execPath,
    args: [serverEntry(name), argument],
    // Paths in calls are relative to the scratch folder.
    cwd: folder,
  })
  return {
    files: server('@modelcontextprotocol/server-filesystem', folder),
    database: {
      ...server('@modelcontextprotocol/server-postgres', databaseUrl),
      env: { PGPASSFILE: passwordFile },
    },
  }
}
