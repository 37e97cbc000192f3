/** Settings of a compacted topic: the log cleaner works on closed segments, and on these as soon as there is anything to clean. */
export const eagerCompaction = {
  'segment.ms': '300',
  'min.cleanable.dirty.ratio': '0.001',
  'max.compaction.lag.ms': '300',
  'delete.retention.ms': '100',
} as const
