/** Something that is downloaded once through Maven: what to ask for, and where it runs from. */
export interface Artefact {
  readonly name: 'kafka' | 'apicurio'
  readonly version: string
  /** What it is called in messages. */
  readonly title: string
  readonly dependencies: readonly MavenDependency[]
  /** True: what those need comes too. False: only the named ones. */
  readonly transitive: boolean
  /** True: the one file is a tar archive that is unpacked and not kept. */
  readonly unpack: boolean
}

export interface MavenDependency {
  readonly group: string
  readonly artefact: string
  readonly version: string
  /** Default: jar */
  readonly type?: string
  readonly classifier?: string
}

const kafkaVersion = '4.3.1'
const apicurioVersion = '3.0.9'

export const kafkaArtefact: Artefact = {
  name: 'kafka',
  version: kafkaVersion,
  title: `Apache Kafka ${kafkaVersion}`,
  dependencies: [
    { group: 'org.apache.kafka', artefact: 'kafka_2.13', version: kafkaVersion },
    // Without a binding the broker says nothing at all, not even why it cannot start.
    { group: 'org.slf4j', artefact: 'slf4j-simple', version: '1.7.36' },
  ],
  transitive: true,
  unpack: false,
}

export const apicurioArtefact: Artefact = {
  name: 'apicurio',
  version: apicurioVersion,
  title: `Apicurio Registry ${apicurioVersion}`,
  dependencies: [
    {
      group: 'io.apicurio',
      artefact: 'apicurio-registry-app',
      version: apicurioVersion,
      type: 'tar.gz',
      classifier: 'all',
    },
  ],
  transitive: false,
  unpack: true,
}
