import { systemClock } from '@cordon/foundation'
import type { Stack } from '@cordon/infra'
import type { Bundle } from '@cordon/policy'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'

import { openFactFeed } from '../live/fact-feed.ts'
import { identityStatements } from '../live/identity-statements.ts'
import { openServerFaultFeed } from '../live/server-faults.ts'
import { openLiveView, type LiveView } from '../live/live-view.ts'

/** Shows sessions live for as long as `work` takes, which begins once nothing that happens is missed. */
export const watchSessions = async (
  stack: Stack,
  { thresholds }: Pick<Bundle, 'thresholds'>,
  work: (view: LiveView) => Promise<void>,
): Promise<void> => {
  const { settings } = stack.broker
  const codec = await openSerde({
    registry: stack.registry.settings,
    topicPrefix: settings.topicPrefix,
    register: false,
  })
  const client = openKafkaClient(settings, { log: quiet })
  const view = openLiveView(process.stdout, thresholds)
  try {
    const feed = await openFactFeed({
      client,
      codec,
      readStatement: identityStatements({
        issuer: stack.identityUrl,
        clock: systemClock,
        onKeysAway: reason => view.interrupt('revocations', reason),
      }),
      onFact: fact => view.show(fact),
      onSkipped: reason => view.skip(reason),
      onInterrupted: (topic, reason) => view.interrupt(topic, reason),
    })
    try {
      const faults = await openServerFaultFeed({
        logFile: stack.services.proxy.process.logFile,
        onFault: fault => view.warn(fault),
        onLost: reason =>
          view.announce([`Not shown any more: faults of tool servers; log of the proxy: ${reason}`]),
        now: () => systemClock.now(),
      })
      try {
        await work(view)
      } finally {
        await faults.close()
      }
    } finally {
      await feed.close()
    }
  } finally {
    view.close()
    await client.close()
  }
}

/** What does not pass is told by the feed; a retry of the view's own connection is nothing to show. */
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
