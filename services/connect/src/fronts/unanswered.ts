import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../core/error-code.ts'

/** What a client is told in place of an answer that did not come, or could not be read to its end. */
export const unanswered = (broken: unknown): CordonError =>
  broken instanceof CordonError
    ? broken
    : new CordonError<ConnectErrorCode>(
        'ANSWER_LOST',
        'proxy: expected an answer at the end of its stream, got none; the request may have been carried out',
        { cause: broken },
      )
