import { openOutputFile, replay, reportLines, type ReplayOptions, type ReplayReport } from '@cordon/replay'
import { InvalidArgumentError, Option, type Command } from 'commander'

import { printable } from '../terminal/printable.ts'
import { progressPrinter } from '../terminal/progress-printer.ts'
import { collect, countUpTo } from './option-values.ts'

/** More than that on one machine measures the machine. */
const mostPartitions = 64

interface ReplayFlags {
  readonly learn?: readonly string[]
  readonly speed: number
  readonly json?: string
  readonly catalogue?: string
  readonly concurrent: number
  readonly partitions: number
}

/** `cordon replay FILE...` */
export const addReplayCommand = (program: Command): void => {
  program
    .command('replay')
    .summary('play recorded sessions through engine, Kafka and scorer')
    .description(
      'Plays recorded sessions (JSON lines, plain or gzip) through the real publishing path of the engine into Kafka, ' +
        'under a topic prefix of its own and in recorded time, and reports what the scorer made of them. ' +
        'Nothing that a recording knows about the outcome reaches the scorer. Nobody is held: what was recorded happened.',
    )
    // Required, but asked for last: what --learn took is the likelier reason why none is left.
    .argument('[file...]', 'required: recordings to play; packages/traces/README.md has the format')
    .option(
      '--learn <file...>',
      'sessions that closed in good standing, in one file or several; may be given again. Without any, all that an ' +
        'agent does is new, and the thresholds are defaults. The recordings to play stand before it, or after --',
      collect,
    )
    .addOption(
      new Option('--speed <n>', 'recorded seconds per second, or max')
        .default(Number.POSITIVE_INFINITY, 'max')
        .argParser(parseSpeed),
    )
    .option(
      '--json <file>',
      'write the report as JSON as well; - is standard output, and then nothing else is',
    )
    .option(
      '--bundle, --catalogue <file>',
      'either: bundle whose catalogue has the recorded tools: server/tool as recorded, recorded/<tool> of one without a server; default: by their names and arguments',
    )
    .option('--concurrent <n>', 'sessions alive at one moment, on average', countUpTo(100_000), 2000)
    .option('--partitions <n>', 'partitions of each topic', countUpTo(mostPartitions), 8)
    .action(async (files: readonly string[], flags: ReplayFlags, command: Command) => {
      const { learn = [], catalogue, json } = flags
      if (files.length === 0) command.error(`error: ${nothingToPlay(learn)}`)
      const printer = progressPrinter(process.stderr)
      const options: ReplayOptions = {
        files,
        learn,
        speed: flags.speed,
        concurrent: flags.concurrent,
        partitions: flags.partitions,
        ...(catalogue === undefined ? {} : { bundleFile: catalogue }),
        environment: process.env,
        onProgress: printer.show,
        onPhase: printer.phase,
      }
      if (json === undefined) return say(await replay(options), console.log)
      const out = await openOutputFile('--json', json, [
        ...files,
        ...learn,
        ...(catalogue === undefined ? [] : [catalogue]),
      ])
      try {
        const report = await replay(options)
        say(report, json === '-' ? console.error : console.log)
        await out.write(`${JSON.stringify(report, null, 2)}\n`)
        await out.keep()
      } finally {
        await out.discard()
      }
    })
}

const say = (report: ReplayReport, print: (text: string) => void): void =>
  print(reportLines(report).map(printable).join('\n'))

const nothingToPlay = ({ length }: readonly string[]): string =>
  length === 0
    ? 'expected recordings to play, got none'
    : `expected recordings to play before --learn or after --, got none: --learn took all ${length}`

const parseSpeed = (text: string): number => {
  const speed = text === 'max' ? Number.POSITIVE_INFINITY : Number(text)
  if (speed > 0) return speed
  throw new InvalidArgumentError('expected a number above 0, or max.')
}
