import { archiveFlags, type ArchiveUse } from './class-archive.ts'

export interface JavaFlags {
  readonly heapMegabytes: number
  /** Native libraries are unpacked there, and stay when the JVM is killed. */
  readonly temporaryFolder: string
  readonly archive: ArchiveUse
}

/** For programs that shall start fast and stay small beside others on two cores: one collector thread, one compiler. */
export const javaFlags = ({ heapMegabytes, temporaryFolder, archive }: JavaFlags): readonly string[] => [
  `-Xmx${heapMegabytes}m`,
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  `-Djava.io.tmpdir=${temporaryFolder}`,
  ...archiveFlags(archive),
]
