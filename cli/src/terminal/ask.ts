import { createInterface } from 'node:readline/promises'

import { CordonError, errorCode } from '@cordon/foundation'

/** As a shell reports Ctrl-C. */
export const interruptedExitCode = 130

/** Of `ask`, where nobody answered. */
export const unanswered = 'UNANSWERED'

/**
 * One line that is typed at a terminal, where nothing was changed yet.
 * @param editor what of it is shown while it is typed
 * @throws CordonError `UNANSWERED` where it was left with Ctrl-C or Ctrl-D, or the input ended
 */
export const ask = async (
  question: string,
  { input, editor }: { readonly input: NodeJS.ReadableStream; readonly editor: NodeJS.WritableStream },
): Promise<string> => {
  const lines = createInterface({ input, output: editor, terminal: true, historySize: 0 })
  const left = new AbortController()
  // Also by the end of the input, which by itself leaves the question open for ever.
  lines.once('close', () => left.abort())
  try {
    return await lines.question(question, { signal: left.signal })
  } catch (error) {
    if (errorCode(error) !== 'ABORT_ERR') throw error
    // The cursor stands behind the question.
    editor.write('\n')
    throw new CordonError(unanswered, 'Nothing was changed.', { cause: error })
  } finally {
    lines.close()
  }
}
