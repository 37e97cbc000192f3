import type { RecordName, TopicName } from '@cordon/schemas'
import { topicCatalogue } from '@cordon/schemas'

/** What the registry calls the schema of one record in one topic (Confluent's TopicRecordNameStrategy). */
export interface Subject {
  readonly topic: TopicName
  readonly record: RecordName
  /** `<prefix><topic>-cordon.<record>` */
  readonly name: string
}

/** The subjects of every record that may stand in a topic. */
export const allSubjects = (topicPrefix: string): Subject[] =>
  Object.values(topicCatalogue).flatMap(({ name: topic, records }) =>
    records.map(record => ({ topic, record, name: `${topicPrefix}${topic}-cordon.${record}` })),
  )
