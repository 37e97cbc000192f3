import { InvalidArgumentError, Option, type Command } from 'commander'

import { up } from '../up/up.ts'

interface UpFlags {
  readonly demo: boolean
  readonly data: string
  readonly throwaway?: true
  readonly port?: number
  readonly servers?: string
  readonly bundle?: string
  readonly baselines?: string
}

/** `cordon up` */
export const addUpCommand = (program: Command): void => {
  program
    .command('up')
    .summary('bring up broker, registry and services, and play the live scenario')
    .description(
      'Brings up everything on this machine: a Kafka broker (KAFKA_BROKERS if set, else Apache Kafka on Java), a schema ' +
        'registry (SCHEMA_REGISTRY_URL if set, else Apicurio on Java), topics, and identity, engine, proxy and scorer. ' +
        'Then two scripted agents work on real MCP servers until one is hijacked by a ticket that it reads. It stays up until ' +
        'Ctrl-C; nothing is left running then, nor after a crash.',
    )
    .option('--no-demo', 'leave the scenario out')
    .addOption(
      new Option('--data <folder>', 'where topics, keys and logs live on')
        .default('.cordon')
        .argParser(parseFolder),
    )
    .option('--throwaway', 'keep nothing')
    .option('--port <n>', 'where agents come in; default: 7400 where it is free', parsePort)
    .option('--servers <file>', 'your own tool servers, as JSON; leaves the scenario out')
    .option(
      '--bundle <file>',
      'your own catalogue, thresholds and modes, beside --servers; default: every tool changes something',
    )
    .option('--baselines <file>', 'what your agents normally do; default: nothing is known')
    .addHelpText(
      'after',
      '\nA tool server: { "name": { "transport": "stdio", "command": "…", "args": ["…"] } }\n' +
        '           or: { "name": { "transport": "http", "url": "http://…" } }\n' +
        'Ports that are taken where they are free: proxy 7400, identity 7401; metrics of engine 7410, proxy 7411,\n' +
        'identity 7412, scorer 7413. Where one is in use, another is taken and said.\n' +
        'Settings for real clusters (TLS, SASL, topic prefix): docs/settings.md',
    )
    .action(async (flags: UpFlags, command: Command) => {
      if (flags.throwaway && command.getOptionValueSource('data') === 'cli')
        command.error('error: expected --data or --throwaway, got both')
      for (const flag of ['bundle', 'baselines'] as const)
        if (flags[flag] !== undefined && flags.servers === undefined)
          command.error(`error: expected --${flag} beside --servers, got it without`)
      await up({
        environment: process.env,
        scenario: flags.demo && flags.servers === undefined ? 'stay' : 'none',
        ...(flags.throwaway ? {} : { dataFolder: flags.data }),
        ...(flags.port === undefined ? {} : { proxyPort: flags.port }),
        ...(flags.servers === undefined
          ? {}
          : {
              own: {
                serversFile: flags.servers,
                ...(flags.bundle === undefined ? {} : { bundleFile: flags.bundle }),
                ...(flags.baselines === undefined ? {} : { baselinesFile: flags.baselines }),
              },
            }),
      })
    })
}

/** An empty variable in a script is no wish for the current folder. */
const parseFolder = (text: string): string => {
  if (text !== '') return text
  throw new InvalidArgumentError('expected the name of a folder.')
}

const parsePort = (text: string): number => {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port > 0 && port <= 65_535) return port
  throw new InvalidArgumentError('expected a port from 1 to 65535.')
}
