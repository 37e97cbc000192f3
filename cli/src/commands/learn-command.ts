import { learnFiles, LeftOut, leftOutLines, thresholdLines, unknownToolLines } from '@cordon/replay'
import type { Command } from 'commander'

import { printable } from '../terminal/printable.ts'

interface LearnFlags {
  readonly out?: string
  readonly catalogue?: string
  readonly data: string
}

/** `cordon learn` */
export const addLearnCommand = (program: Command): void => {
  program
    .command('learn')
    .summary('write what recorded sessions teach as baselines for `cordon up`')
    .description(
      'Learns from recorded sessions (JSON lines, plain or gzip) as closed in good standing, and writes baselines and the ' +
        'thresholds that follow: what `cordon up --baselines` takes. Tools are named server/tool, as in the catalogue, where one ' +
        'without a server stands as recorded/<tool>; what a recording calls `suite` is the agentId and the role that it teaches. Calls do not count of tools that ' +
        'the catalogue does not have, and of one tool after the third in a session: a long session must not outweigh many.',
    )
    .argument('<file...>', 'recordings to learn from; packages/traces/README.md has the format')
    .option('--out <file>', 'required: where the baselines go; - is standard output')
    .option('--catalogue <file>', 'the bundle of `cordon up --bundle`; default: tools by their names')
    .option('--data <folder>', 'that of `cordon up`, whose key says what is the same', '.cordon')
    .action(async (files: readonly string[], { out, catalogue, data }: LearnFlags, command: Command) => {
      if (out === undefined) command.error("error: required option '--out <file>' not specified")
      const leftOut = new LeftOut()
      const { sessions, calls, agents, thresholds, unknownTools } = await learnFiles({
        files,
        out,
        ...(catalogue === undefined ? {} : { catalogue }),
        dataFolder: data,
        onProblem: problem => leftOut.add(problem),
      })
      const lines = [
        `learned from       ${sessions} sessions with ${calls} calls`,
        ...agents.map(
          agent => `  ${agent.agentId}: ${agent.sessions} sessions, ${agent.calls} calls that count`,
        ),
        ...unknownToolLines(unknownTools),
        ...thresholdLines(thresholds),
        ...leftOutLines(leftOut.lines, leftOut.first),
      ]
      console.error(lines.map(printable).join('\n'))
    })
}
