import assert from 'node:assert/strict'
import { test } from 'node:test'

import { apicurioArtefact, kafkaArtefact } from './artefact.ts'
import { mavenCalls, mavenProject } from './maven-project.ts'

const folders = { pom: '/w/pom.xml', output: '/w/files', repository: '/w/maven' }

test('the broker comes with all that it needs, in one call', () => {
  assert.match(mavenProject(kafkaArtefact), /<artifactId>kafka_2\.13<\/artifactId>\s*<version>4\.3\.1</)
  const calls = mavenCalls(kafkaArtefact, folders)
  assert.equal(calls.length, 1)
  assert.match(calls[0]!.at(-1)!, /:copy-dependencies$/)
})

test('the registry comes as its one archive, and Maven asks for nothing around it', () => {
  assert.doesNotMatch(mavenProject(apicurioArtefact), /<dependency>/)
  const [call] = mavenCalls(apicurioArtefact, folders)
  assert.ok(call?.includes('-Dartifact=io.apicurio:apicurio-registry-app:3.0.9:tar.gz:all'))
  assert.ok(call?.includes('-Dmaven.repo.local=/w/maven'))
})
