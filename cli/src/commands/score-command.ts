import { LeftOut, scoreFiles, scoreReportLines } from '@cordon/replay'
import { signalNames } from '@cordon/risk'
import { InvalidArgumentError, type Command } from 'commander'

import { printable } from '../terminal/printable.ts'
import { progressPrinter } from '../terminal/progress-printer.ts'
import { collect } from './option-values.ts'

interface ScoreFlags {
  readonly learn?: readonly string[]
  readonly test?: string
  readonly out?: string
  readonly catalogue?: string
  readonly intent?: true
  readonly without?: readonly string[]
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
        'contributions }] }. Evidence is in nats, and a standing follows from evidence alone, not from the score. The ' +
        'verdict is an engine’s with every sensitive tool in mode gate; a session goes on as if each call had been ' +
        'forwarded. Nothing that a recording knows about the outcome is read. How well each agent is known, the thresholds and ' +
        'what they rest on, lines that are no session, and those that have the sid of an earlier one (scored as well) go to standard error.',
    )
    .option(
      '--learn <file...>',
      'sessions that closed in good standing, in one file or several; may be given again. Without any, all that an ' +
        'agent does is new, and the thresholds are defaults',
      collect,
    )
    // Required, but asked for last: a misspelt option is the likelier reason why it is missing.
    .option('--test <file>', 'required: sessions to score; packages/traces/README.md has the format')
    .option('--out <file>', 'required: where the lines go; - is standard output')
    .option('--intent', 'humans declared what they want when a session opened: `prompt` is read')
    .option(
      '--catalogue <file>',
      'bundle whose catalogue has the recorded tools: server/tool as recorded, recorded/<tool> of one without a server; default: by their names and arguments',
    )
    .option(
      '--without <signal>',
      `leave a signal out, to see what it is worth; may be given again (${signalNames.join(', ')})`,
      addSignal,
    )
    .action(async (flags: ScoreFlags, command: Command) => {
      const { learn = [], test, out, catalogue, intent, without = [] } = flags
      if (test === undefined) command.error("error: required option '--test <file>' not specified")
      if (out === undefined) command.error("error: required option '--out <file>' not specified")
      const leftOut = new LeftOut()
      const report = await scoreFiles({
        learn,
        test,
        out,
        ...(catalogue === undefined ? {} : { catalogue }),
        withIntent: intent === true,
        weights: Object.fromEntries(without.map(signal => [signal, 0])),
        onProblem: problem => leftOut.add(problem),
        onPhase: progressPrinter(process.stderr).phase,
      })
      console.error(scoreReportLines(report, leftOut).map(printable).join('\n'))
    })
}

const addSignal = (signal: string, before: readonly string[] = []): readonly string[] => {
  if ((signalNames as readonly string[]).includes(signal)) return [...before, signal]
  throw new InvalidArgumentError(`expected one of ${signalNames.join(', ')}.`)
}
