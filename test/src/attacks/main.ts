// npm run attacks [-- --prove [TEXT] | --list]: runs the attacks; or disables one check after the other (those whose name or
// file has the text) and shows that its attack then succeeds; or says which attack is about which check.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { checks } from './identity/checks.ts'
import { proveIdentityChecks } from './prove/prove-identity-checks.ts'

const [mode, text = ''] = process.argv.slice(2)

const prove = async (): Promise<number> => {
  const chosen = checks.filter(({ name, file }) => `${name} ${file}`.includes(text))
  const proofs = await proveIdentityChecks(chosen, ({ check, problem }) =>
    console.log(
      `${problem === undefined ? 'proved' : 'FAILED'}  ${check.name}${problem ? `: ${problem}` : ''}`,
    ),
  )
  const failed = proofs.filter(({ problem }) => problem !== undefined)
  console.log(`${proofs.length - failed.length} of ${proofs.length} checks: without it its attack succeeds`)
  return failed.length === 0 && proofs.length > 0 ? 0 : 1
}

const run = async (): Promise<number> => {
  const args = ['--test', '--test-concurrency=2', 'test/src/attacks/**/*.test.ts']
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')) as [number | null]
  return code ?? 1
}

/** Attack → check, as Markdown. */
const list = (): number => {
  console.log('| attack | test | check |\n| --- | --- | --- |')
  for (const { name, file, attack } of checks)
    console.log(`| ${attack[1]} | ${attack[0]} | ${name}: ${file} |`)
  return 0
}

const modes: Readonly<Record<string, () => number | Promise<number>>> = { '--prove': prove, '--list': list }
process.exit(await (modes[mode ?? ''] ?? run)())
