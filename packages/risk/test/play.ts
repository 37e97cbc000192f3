import type { Contribution } from '@cordon/schemas'

import type { Assessment } from '../src/assessment.ts'
import { baselineLookup } from '../src/baseline/baseline-view.ts'
import { BaselineBuilder } from '../src/baseline/baseline-builder.ts'
import { emptyBaselines } from '../src/baseline/baselines.ts'
import type { Kernel } from '../src/kernel.ts'
import { createKernel } from '../src/kernel.ts'
import type { KernelOptions } from '../src/kernel-options.ts'
import type { SessionEvent } from '../src/session-event.ts'
import type { Session } from '../src/session/session.ts'
import type { Call, Who } from './session-log.ts'
import { sessionLog } from './session-log.ts'

/** A kernel that knows nothing yet. */
export const newKernel = (options: Partial<KernelOptions> = {}): Kernel =>
  createKernel({ baselineFor: baselineLookup(emptyBaselines), ...options })

/** A kernel whose agent has worked like this so many times. */
export const taughtKernel = (
  usual: readonly Call[],
  options: Partial<KernelOptions> & { readonly who?: Who; readonly sessions?: number } = {},
): Kernel => {
  const builder = new BaselineBuilder()
  for (let session = 0; session < (options.sessions ?? 40); session += 1)
    builder.learn(sessionLog({ ...options.who, session: `taught-${session}` }, usual))
  return createKernel({ baselineFor: baselineLookup(builder.baselines()), ...options })
}

/** Hands a log to the kernel. */
export const play = (
  kernel: Kernel,
  log: readonly SessionEvent[],
): { readonly session: Session; readonly assessments: readonly Assessment[] } => {
  const [first, ...rest] = log
  if (first?.name !== 'SessionOpened') throw new Error('play: expected SessionOpened first')
  const session = kernel.open(first.value, first.at)
  return { session, assessments: rest.map(event => step(kernel, session, event)) }
}

/** What speaks for misuse. */
export const raising = ({ contributions }: Assessment): readonly Contribution[] =>
  contributions.filter(({ nats }) => nats > 0)

/** The assessment after the log's last record. */
export const outcome = (kernel: Kernel, calls: readonly Call[], who: Who = {}): Assessment =>
  play(kernel, sessionLog(who, calls)).assessments.at(-1)!

/** The assessment of the log's last attempt. */
export const judged = (kernel: Kernel, calls: readonly Call[], who: Who = {}): Assessment =>
  play(kernel, sessionLog(who, calls)).assessments.at(-2)!

export const step = (kernel: Kernel, session: Session, event: SessionEvent): Assessment => {
  switch (event.name) {
    case 'SessionOpened':
      throw new Error('play: expected SessionOpened only once')
    case 'InvocationAttempted':
      return kernel.attempt(session, event.value, event.at)
    case 'InvocationCompleted':
      return kernel.complete(session, event.value, event.at)
    case 'InvocationDenied':
      return kernel.deny(session, event.value, event.at)
    case 'SessionEnded':
      return kernel.end(session, event.value, event.at)
  }
}
