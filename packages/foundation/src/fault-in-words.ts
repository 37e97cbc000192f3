import { errorCode } from './error-code.ts'

// What people met at the path that they named, where the system's own code would have to be looked up.
const words: Readonly<Record<string, string>> = {
  ENOENT: 'nothing of that name',
  EISDIR: 'a folder',
  EEXIST: 'a file',
  ENOTDIR: 'a file',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'a file system that is read only',
  ENOSPC: 'a full disk',
  EPIPE: 'nobody who reads it',
}

/** What was got where a file or folder could not be used: for messages that say what was expected. */
export const faultInWords = (error: unknown): string => {
  const code = errorCode(error) ?? 'an unknown fault'
  return Object.hasOwn(words, code) ? words[code]! : code
}
