import type { StreamAccess } from '../stack/stream-access.ts'
import type { SeenDecisions } from './seen-decisions.ts'

/** What the table process can be asked. */
export type TableQuestions = {
  /** Answered when the table is complete. */
  readonly open: { readonly question: StreamAccess; readonly answer: undefined }
  /** What was seen since it was last asked: asked between runs, so that telling disturbs none. */
  readonly take: { readonly question: undefined; readonly answer: SeenDecisions }
  readonly close: { readonly question: undefined; readonly answer: undefined }
}
