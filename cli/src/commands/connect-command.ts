import { connect } from '@cordon/connect'
import { InvalidArgumentError, Option, type Command } from 'commander'

interface ConnectFlags {
  readonly profile: string
  readonly listen?: number
  readonly device?: true
  readonly logIn?: true
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
    .addOption(
      new Option(
        '--listen <port>',
        'serve every tool server on http://127.0.0.1:<port>/mcp/<server>',
      ).argParser(parsePort),
    )
    .option('--log-in', 'only log in, ahead of the clients that will use it')
    .option('--device', 'log in on another device; so it is anyhow where no browser can be opened')
    .action(async (server: string | undefined, flags: ConnectFlags, command: Command) => {
      await connect({
        environment: process.env,
        profileFile: flags.profile,
        onDevice: flags.device === true,
        front: frontOf(server, flags, command),
      })
      // A log-in that is not over, or a connection that is kept for later, would keep the process.
      process.exit(0)
    })
}

const frontOf = (
  server: string | undefined,
  { listen, logIn }: ConnectFlags,
  command: Command,
): Parameters<typeof connect>[0]['front'] => {
  const wishes = [server, listen, logIn].filter(wish => wish !== undefined).length
  if (wishes !== 1)
    command.error(`error: expected a server, --listen or --log-in, got ${wishes === 0 ? 'none' : 'several'}`)
  if (server !== undefined) return { kind: 'stdio', server }
  return listen === undefined ? { kind: 'log-in' } : { kind: 'http', port: listen }
}

const parsePort = (text: string): number => {
  const port = Number(text)
  if (text !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('expected a port, or 0 for any free one.')
}
