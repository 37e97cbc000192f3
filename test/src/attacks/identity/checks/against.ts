import type { AttackedCheck } from '../../prove/prove-checks.ts'

/** A check, and the text in its place without which the attack of that name succeeds. */
export type Against = (
  attack: string,
  check: string,
  file: string,
  text: string,
  replacement?: string,
) => AttackedCheck

/** @param tests the file that the attacks stand in */
export const attacksIn =
  (tests: string): Against =>
  (attack, name, file, text, replacement = '') => ({
    name,
    file,
    text,
    replacement,
    attack: [tests, attack],
  })
