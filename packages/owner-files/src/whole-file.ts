import { link, rename, rm, writeFile } from 'node:fs/promises'

import { errorCode } from '@cordon/foundation'

import { draftOf } from './drafts.ts'

const ownerOnly = 0o600

/** Puts the text in place whole, unless a file is there: of several that start together one makes it, and none reads half of it. */
export const createWhole = async (path: string, text: string): Promise<void> => {
  await withDraft(path, text, async draft => {
    try {
      await link(draft, path)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  })
}

/**
 * Puts the text in place whole, with mode 0600 whatever was there before.
 * @param check sees the draft before it takes the place; where it throws, the file stays as it was
 */
export const replaceOwnerFile = async (
  path: string,
  text: string,
  check: (draft: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> => {
  await withDraft(path, text, async draft => {
    await check(draft)
    await rename(draft, path)
  })
}

const withDraft = async (
  path: string,
  text: string,
  use: (draft: string) => Promise<void>,
): Promise<void> => {
  const draft = draftOf(path)
  try {
    await writeFile(draft, text, { mode: ownerOnly, flag: 'wx', flush: true })
    await use(draft)
  } finally {
    await rm(draft, { force: true })
  }
}
