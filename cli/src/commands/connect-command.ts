import { resolve } from 'node:path'

import { connect, importClientConfig, undoImport } from '@cordon/connect'
import { InvalidArgumentError, Option, type Command } from 'commander'

import { askingTerminal } from '../terminal/asking-terminal.ts'

interface ConnectFlags {
  readonly profile: string
  readonly intentFile?: string
  readonly listen?: number
  readonly device?: true
  readonly logIn?: true
  readonly logOut?: true
  readonly import?: string
  readonly useKnown?: true
  readonly undo?: true
  readonly yes?: true
}

/** `cordon connect` */
export const addConnectCommand = (program: Command): void => {
  program
    .command('connect')
    .summary('put any MCP client behind Cordon: stdio or HTTP in front, the proxy behind')
    .description(
      'Runs between an MCP client and the proxy: logs the human in, holds the key of the session, exchanges and renews its tokens ' +
        'and proves every call. An MCP client starts it as the command of a server, or reaches it with --listen. All that run ' +
        'with one profile share one log-in and one session.',
    )
    .argument('[server]', 'tool server to connect the standard streams to')
    .option('--profile <file>', 'which agent this is and which Cordon it uses', '.cordon/connect.json')
    .option('--intent-file <file>', 'what the human asked for: read once, declared when the session opens')
    .addOption(
      new Option(
        '--listen <port>',
        'serve every tool server on http://127.0.0.1:<port>/mcp/<server>',
      ).argParser(parsePort),
    )
    .option('--log-in', 'only log in, ahead of the clients that will use it')
    .option('--log-out', 'forget the log-in, and end the session that is open with it')
    .option('--device', 'log in on another device; so it is anyhow where no browser can be opened')
    .option(
      '--import <config>',
      'rewrite the configuration of an MCP client so that its servers go through Cordon',
    )
    .option(
      '--use-known',
      'with --import: where Cordon has a server of the same name, use that one in place of the client’s own; without it asks for each',
    )
    .option('--undo', 'with --import: put back what was before, byte for byte')
    .option('--yes', 'with --import: do not ask; leaves entries whose name Cordon has, unless --use-known')
    .addHelpText(
      'after',
      '\nA configuration: { "mcpServers": { … } } (Claude Desktop, Cursor and others) or { "servers": { … } } (VS Code).',
    )
    .action(async (server: string | undefined, flags: ConnectFlags, command: Command) => {
      const front = frontOf(server, flags, command)
      if (front === 'import') return importConfig(flags)
      await connect({
        environment: process.env,
        profileFile: flags.profile,
        intentFile: flags.intentFile,
        onDevice: flags.device === true,
        front,
      })
      // A log-in that is not over, or a connection that is kept for later, would keep the process.
      process.exit(0)
    })
}

const importConfig = async ({
  import: path = '',
  profile,
  undo,
  useKnown,
  yes,
}: ConnectFlags): Promise<void> => {
  const terminal = askingTerminal(yes === true)
  if (undo) return undoImport({ path, profileFile: profile, terminal })
  const launcher = { command: process.execPath, args: [resolve(process.argv[1] ?? '')] }
  return importClientConfig({
    path,
    profileFile: profile,
    launcher,
    // Whoever wants no questions did not say that another server is to take the place of his.
    useKnown: useKnown ?? (yes ? false : undefined),
    terminal,
  })
}

const frontOf = (
  server: string | undefined,
  { listen, logIn, logOut, import: config, undo, useKnown, yes }: ConnectFlags,
  command: Command,
): Parameters<typeof connect>[0]['front'] | 'import' => {
  if ((undo || useKnown || yes) && config === undefined)
    command.error('error: expected --import beside --undo, --use-known and --yes, got none')
  const wishes = [server, listen, logIn, logOut, config].filter(wish => wish !== undefined).length
  if (wishes !== 1)
    command.error(
      `error: expected a server, --listen, --log-in, --log-out or --import, got ${wishes === 0 ? 'none' : 'several'}`,
    )
  if (config !== undefined) return 'import'
  if (server !== undefined) return { kind: 'stdio', server }
  if (listen !== undefined) return { kind: 'http', port: listen }
  return { kind: logOut ? 'log-out' : 'log-in' }
}

const parsePort = (text: string): number => {
  const port = Number(text)
  if (text !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('expected a port, or 0 for any free one.')
}
