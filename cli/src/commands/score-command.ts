import { scoreFiles } from '@cordon/replay'
import { signalNames } from '@cordon/risk'
import { InvalidArgumentError, type Command } from 'commander'

import { printable } from '../terminal/printable.ts'

interface ScoreFlags {
  readonly learn: readonly string[]
  readonly test: string
  readonly out: string
  readonly catalogue?: string
  readonly intent?: true
  readonly without: readonly string[]
}

/** `cordon score` */
export const addScoreCommand = (program: Command): void => {
  program
    .command('score')
    .summary('score recorded sessions, call by call, on files alone')
    .description(
      'Learns from recorded sessions (JSON lines, plain or gzip) as closed in good standing, sets thresholds from them ' +
        'alone, and scores others by the scorer’s own code: each call knows nothing of what comes later, each session ' +
        'nothing of the others. Writes a line a session: { sid, calls: [{ index, score, standing, verdict, evidence, ' +
        'contributions }] }. The verdict is an engine’s with every sensitive tool in mode gate; a session goes on as if ' +
        'each call had been forwarded. Nothing that a recording knows about the outcome is read.',
    )
    .option('--learn <file>', 'sessions that closed in good standing; may be given again', collect, [])
    .requiredOption('--test <file>', 'sessions to score; packages/traces/README.md has the format')
    .requiredOption('--out <file>', 'where the lines go')
    .option('--intent', 'humans declared what they want: `prompt` is read')
    .option(
      '--catalogue <file>',
      'bundle whose catalogue names the tools as recorded/<tool>; default: by their names and arguments',
    )
    .option(
      '--without <signal>',
      `leave a signal out, to see what it is worth; may be given again (${signalNames.join(', ')})`,
      addSignal,
      [],
    )
    .action(async ({ learn, test, out, catalogue, intent, without }: ScoreFlags) => {
      let leftOut = 0
      const report = await scoreFiles({
        learn,
        test,
        out,
        ...(catalogue === undefined ? {} : { catalogue }),
        withIntent: intent === true,
        weights: Object.fromEntries(without.map(signal => [signal, 0])),
        onProblem: ({ file, line, reason }) => {
          leftOut += 1
          console.error(`left out: ${printable(`${file}, line ${line}: ${reason}`)}`)
        },
      })
      console.error(
        `learned from ${report.learned} sessions, scored ${report.scored} with ${report.calls} calls, left out ${leftOut} lines`,
      )
    })
}

const collect = (file: string, before: readonly string[]): readonly string[] => [...before, file]

const addSignal = (signal: string, before: readonly string[]): readonly string[] => {
  if ((signalNames as readonly string[]).includes(signal)) return [...before, signal]
  throw new InvalidArgumentError(`expected one of ${signalNames.join(', ')}.`)
}
