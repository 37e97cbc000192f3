import type { Mutants, Mutation } from './mutants.ts'
import { runTest } from './run-test.ts'
import type * as TestModule from './test-module.ts'

/** A check, how it is disabled, and the attack that then succeeds. */
export interface AttackedCheck extends Mutation {
  readonly name: string
  /** The test's file, below the folder of the attacks, and its name. */
  readonly attack: readonly [file: string, test: string]
}

export interface Proof {
  readonly check: AttackedCheck
  /** Why it is none. */
  readonly problem: string | undefined
}

export interface ProveOptions {
  readonly mutants: Mutants
  readonly testModule: URL
  /** Folder of the attacks. */
  readonly folder: URL
  readonly onProof: (proof: Proof) => void
}

/** Runs each check's attack with and without the check. */
export const proveChecks = async (
  checks: readonly AttackedCheck[],
  { mutants, testModule, folder, onProof }: ProveOptions,
): Promise<readonly Proof[]> => {
  const load = async (file: string, mutation: Mutation | undefined) => {
    const url = mutants.urlOf(new URL(file, folder), mutation)
    await import(url)
    const { collectedTests } = (await import(testModule.href + new URL(url).search)) as typeof TestModule
    return { tests: collectedTests(), occurrences: mutants.occurrencesOf(url) }
  }

  const passing = new Map<string, Promise<string | undefined>>()
  const problemWithCheck = async ([file, name]: AttackedCheck['attack']): Promise<string | undefined> => {
    const run = (await load(file, undefined)).tests.get(name)
    if (run === undefined) return `expected a test of this name in ${file}, got none`
    const failure = await runTest(run)
    return failure && `expected to pass with the check, got ${oneLine(failure)}`
  }

  const problemOf = async (check: AttackedCheck): Promise<string | undefined> => {
    const [file, name] = check.attack
    const key = `${file} ${name}`
    passing.set(key, passing.get(key) ?? problemWithCheck(check.attack))
    const problem = await passing.get(key)
    if (problem !== undefined) return problem
    const { tests, occurrences } = await load(file, check)
    if (occurrences !== 1)
      return `expected the text once in ${check.file}, got ${occurrences ?? 'no such file'}`
    const failure = await runTest(tests.get(name) ?? (() => undefined))
    if (failure === undefined) return 'expected to fail without the check, got no failure'
    // A mutant that cannot run shows nothing about the check.
    const isAttack = 'code' in failure && failure.code === 'ERR_ASSERTION'
    return isAttack ? undefined : `expected the attack to succeed without the check, got ${oneLine(failure)}`
  }

  const prove = async (check: AttackedCheck): Promise<Proof> => {
    const proof = { check, problem: await problemOf(check).catch((error: unknown) => oneLine(error)) }
    onProof(proof)
    return proof
  }

  // One after the other: to load a mutant stops everything else, and attacks have time limits.
  const proofs: Proof[] = []
  for (const check of checks) proofs.push(await prove(check))
  return proofs
}

const oneLine = (error: unknown): string => String(error).replaceAll(/\s+/g, ' ').slice(0, 300)
