import { archiveFlags, type ArchiveUse } from './class-archive.ts'

export interface JavaFlags {
  readonly heapMegabytes: number
  /** Native libraries are unpacked there, and stay when the JVM is killed. */
  readonly temporaryFolder: string
  readonly archive: ArchiveUse
  /** Default: for a short one. */
  readonly run?: RunLength | undefined
}

/**
 * `long`: the JVM also compiles thoroughly what is hot, as it does by default. A broker then takes 40 % less for a record once it is warm,
 * and a second and a half more to start.
 */
export type RunLength = 'short' | 'long'

/** For programs that shall start fast and stay small beside others on two cores: one collector thread, and unless they run for long one compiler. */
export const javaFlags = ({
  heapMegabytes,
  temporaryFolder,
  archive,
  run = 'short',
}: JavaFlags): readonly string[] => [
  `-Xmx${heapMegabytes}m`,
  '-XX:+UseSerialGC',
  ...(run === 'short' ? ['-XX:TieredStopAtLevel=1'] : []),
  '-XX:-UsePerfData',
  `-Djava.io.tmpdir=${temporaryFolder}`,
  ...archiveFlags(archive),
]
