export interface BrokerLayout {
  readonly port: number
  readonly controllerPort: number
  readonly dataFolder: string
  readonly overrides?: Readonly<Record<string, string>>
}

/** One node that is broker and controller, on loopback. */
export const brokerProperties = (
  layout: BrokerLayout,
): Readonly<Record<string, string | number | boolean>> => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${layout.controllerPort}`,
  listeners: `PLAINTEXT://127.0.0.1:${layout.port},CONTROLLER://127.0.0.1:${layout.controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${layout.port}`,
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'log.dirs': layout.dataFolder,
  // One node cannot replicate.
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  // Each partition is a folder with files to open at every start.
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.num.partitions': 1,
  'num.io.threads': 2,
  'num.network.threads': 2,
  // Nobody else will join a moment later.
  'group.initial.rebalance.delay.ms': 0,
  // After a crash it waits until its own former self counts as gone, 9 s by default.
  'broker.session.timeout.ms': 3000,
  'broker.heartbeat.interval.ms': 500,
  // A topic that nobody described is a mistake.
  'auto.create.topics.enable': false,
  'log.cleaner.backoff.ms': 500,
  // The default of 128 MB is a quarter of this broker's heap.
  'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  ...layout.overrides,
})
