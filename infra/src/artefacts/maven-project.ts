import type { Artefact, MavenDependency } from './artefact.ts'

// Not a later one: those read the parent of what they copy, and the registry's was never published.
const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:2.10'

/** A project that has nothing but the artefact as dependencies, and none at all where they are copied one by one. */
export const mavenProject = (artefact: Artefact): string => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>cordon</groupId>
  <artifactId>${artefact.name}</artifactId>
  <version>1</version>
  <dependencies>
${artefact.transitive ? artefact.dependencies.map(dependencyElement).join('\n') : ''}
  </dependencies>
</project>
`

const dependencyElement = ({ group, artefact, version }: MavenDependency): string =>
  [
    '    <dependency>',
    `      <groupId>${group}</groupId>`,
    `      <artifactId>${artefact}</artifactId>`,
    `      <version>${version}</version>`,
    '    </dependency>',
  ].join('\n')

export interface MavenFolders {
  /** The project file. */
  readonly pom: string
  /** Where the files are copied to. */
  readonly output: string
  /** A local repository of our own, so that progress can be seen and a broken file can be removed. */
  readonly repository: string
}

/** One call of Maven for what comes with its dependencies, one for each file where nothing else may come. */
export const mavenCalls = (artefact: Artefact, folders: MavenFolders): readonly (readonly string[])[] => {
  const shared = [
    '--batch-mode',
    '--quiet',
    '--file',
    folders.pom,
    `-Dmaven.repo.local=${folders.repository}`,
    `-DoutputDirectory=${folders.output}`,
  ]
  if (artefact.transitive) return [[...shared, `${dependencyPlugin}:copy-dependencies`]]
  return artefact.dependencies.map(each => [
    ...shared,
    `-Dartifact=${coordinates(each)}`,
    `${dependencyPlugin}:copy`,
  ])
}

const coordinates = ({ group, artefact, version, type = 'jar', classifier }: MavenDependency): string =>
  [group, artefact, version, type, ...(classifier === undefined ? [] : [classifier])].join(':')
