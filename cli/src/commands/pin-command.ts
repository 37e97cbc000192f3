import { readFile } from 'node:fs/promises'

import { CordonError, faultInWords } from '@cordon/foundation'
import type { Command } from 'commander'

import { listedPins } from '../pin/listed-pins.ts'

/** `cordon pin` */
export const addPinCommand = (program: Command): void => {
  program
    .command('pin')
    .summary('what to pin of the tools that a server lists')
    .description(
      'Reads what a tool server answers to tools/list (JSON), and writes the digest of each tool’s definition: "definition" ' +
        'of its entry in the catalogue of a bundle. Look at the definitions first: a pin says that they were approved.',
    )
    .argument('<file>', 'the answer')
    .action(async (file: string) => {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new CordonError('TOOLS_UNREADABLE', `${file}: expected a file, got ${faultInWords(error)}`)
      })
      console.log(JSON.stringify(Object.fromEntries(listedPins(text, file)), null, 2))
    })
}
