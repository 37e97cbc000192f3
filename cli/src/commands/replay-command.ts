import { open, writeFile } from 'node:fs/promises'

import { CordonError } from '@cordon/foundation'
import { replay, reportLines } from '@cordon/replay'
import { InvalidArgumentError, Option, type Command } from 'commander'

import { printable } from '../terminal/printable.ts'
import { progressPrinter } from '../terminal/progress-printer.ts'

interface ReplayFlags {
  readonly learn: readonly string[]
  readonly speed: number
  readonly json?: string
  readonly bundle?: string
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
    .argument('<file...>', 'recordings to play; packages/traces/README.md has the format')
    .option(
      '--learn <file>',
      'sessions that count as closed in good standing; may be given again',
      collect,
      [],
    )
    .addOption(
      new Option('--speed <n>', 'recorded seconds per second, or max')
        .default(Number.POSITIVE_INFINITY, 'max')
        .argParser(parseSpeed),
    )
    .option('--json <file>', 'write the report as JSON as well')
    .option(
      '--bundle <file>',
      'bundle whose catalogue names the tools as recorded/<tool>; default: by their names',
    )
    .option('--concurrent <n>', 'sessions alive at one moment, on average', parseCount, 2000)
    .option('--partitions <n>', 'partitions of each topic', parseCount, 8)
    .action(async (files: readonly string[], flags: ReplayFlags) => {
      if (flags.json !== undefined) await checkWritable(flags.json)
      const printer = progressPrinter(process.stderr)
      const report = await replay({
        files,
        learn: flags.learn,
        speed: flags.speed,
        concurrent: flags.concurrent,
        partitions: flags.partitions,
        ...(flags.bundle === undefined ? {} : { bundleFile: flags.bundle }),
        environment: process.env,
        onProgress: printer.show,
        onPhase: printer.phase,
      })
      console.log(reportLines(report).map(printable).join('\n'))
      if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(report, null, 2)}\n`)
    })
}

/** Found out before minutes of playing, not after. */
const checkWritable = async (file: string): Promise<void> => {
  try {
    await (await open(file, 'a')).close()
  } catch (error) {
    const got = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown fault'
    throw new CordonError(
      'REPORT_UNWRITABLE',
      `--json ${file}: expected a file that can be written, got ${got}`,
      {
        cause: error,
      },
    )
  }
}

const collect = (file: string, before: readonly string[]): readonly string[] => [...before, file]

const parseSpeed = (text: string): number => {
  const speed = text === 'max' ? Number.POSITIVE_INFINITY : Number(text)
  if (speed > 0) return speed
  throw new InvalidArgumentError('expected a number above 0, or max.')
}

const parseCount = (text: string): number => {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0 && count <= 100_000) return count
  throw new InvalidArgumentError('expected a whole number from 1 to 100000.')
}
