import type { InvocationCompleted } from '@cordon/schemas'

import type { BaselineView } from './baseline/baseline-view.ts'
import { fitText } from './fit-text.ts'
import { limits } from './session/limits.ts'
import type { Session } from './session/session.ts'
import { rememberFact } from './signals/remember-fact.ts'
import { signal } from './signals/signal.ts'
import { shareFrom, volumeNats } from './signals/volume-signal.ts'

/** Weighs how much a result brought. The largest stands for all. */
export const noteVolume = (
  session: Session,
  { tool, resultBytes }: InvocationCompleted,
  baseline: BaselineView,
  weight: number,
): void => {
  const nats = weight === 0 ? 0 : weight * volumeNats(baseline, resultBytes)
  if (nats <= session.evidence[signal.volume]!) return
  session.evidence[signal.volume] = nats
  rememberFact(session, signal.volume, {
    code: 'volume-high',
    nats,
    call: Math.max(0, session.calls - 1),
    tool: fitText(tool, limits.nameBytes),
    name: '',
    kind: 'other',
    count: resultBytes,
    usual: Math.round(1000 * shareFrom(baseline, resultBytes)),
  })
}
