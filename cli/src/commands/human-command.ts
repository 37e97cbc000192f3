import { addHuman, checkAccount, shortestPassword } from '@cordon/identity/add-human'
import type { Command } from 'commander'

import { unknownGroups } from '../operator/unknown-groups.ts'
import { printable, printableLines } from '../terminal/printable.ts'
import { readSecret } from '../terminal/read-secret.ts'

interface AddFlags {
  readonly file: string
  readonly name?: string
  readonly email: string
  readonly group: readonly string[]
  readonly bundle?: string
}

/** `cordon human add SUBJECT` */
export const addHumanCommand = (program: Command): void => {
  const human = program.command('human').summary('humans who may sign in at Cordon itself')
  human
    .command('add')
    .summary('add one, or give one another password, name and groups')
    .description(
      'Writes a human into the file of those who may sign in at the OpenID provider that comes with identity ' +
        '(CORDON_IDENTITY_HUMANS_FILE; of `cordon up` .cordon/keys/humans.json), or replaces the one of this subject. The password, of ' +
        `${shortestPassword} characters at least, is asked for twice, or read as the first line of ` +
        'standard input where that is no terminal; the file keeps a hash. A running identity takes the change in at once.',
    )
    .argument('<subject>', 'what they are called in tokens and records; never changes')
    .requiredOption('--file <file>', 'the humans file; made where it is missing, in a folder that exists')
    .requiredOption('--email <address>', 'they can sign in with it as well')
    .option('--name <name>', 'as pages show it; default: the subject')
    .option(
      '--group <group>',
      'what the bundle maps to a role and tools: without any they open no session; may be given again',
      collect,
      [],
    )
    .option(
      '--bundle <file>',
      'says which groups have a meaning; default: the one that `cordon up` keeps beside the humans file',
    )
    .action(async (subject: string, { file, name, email, group, bundle }: AddFlags) => {
      const account = { subject, name: name ?? subject, email, groups: group }
      await checkAccount(file, account)
      // Before the password, so that a misspelt one can be given anew; it is no error, since a bundle may learn of it later.
      for (const line of await unknownGroups(group, file, bundle)) console.error(printableLines(line))
      const password = await readSecret('Password')
      await addHuman(file, account, password)
      console.log(`${printable(subject)} can sign in.`)
    })
}

const collect = (group: string, before: readonly string[]): readonly string[] => [...before, group]
