/** A part of the local stack that a person may wait for. */
export type PartName =
  | 'kafka'
  | 'apicurio'
  | 'broker'
  | 'registry'
  | 'postgres'
  | 'topics'
  | 'schemas'
  | 'identity'
  | 'engine'
  | 'proxy'
  | 'scorer'

/** Where a part stands. */
export interface Progress {
  readonly part: PartName
  readonly state: 'working' | 'ready'
  /** One line for people: "Apache Kafka 4.3.1: 12 of 44 MB". */
  readonly text: string
}

/** Called for each change; must not throw. */
export type OnProgress = (progress: Progress) => void
