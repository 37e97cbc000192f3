import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findJava, parseJavaVersion } from './java-runtime.ts'

test('reads the major version of old and new Javas', () => {
  assert.deepEqual(parseJavaVersion('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime …'), {
    major: 17,
    text: '17.0.15',
  })
  assert.deepEqual(parseJavaVersion('java version "1.8.0_392"'), { major: 8, text: '1.8.0_392' })
  assert.deepEqual(parseJavaVersion('openjdk version "25" 2025-09-16'), { major: 25, text: '25' })
  assert.equal(parseJavaVersion('command not found'), undefined)
})

test('says what was expected and what is there where no Java runs', async () => {
  assert.deepEqual(await findJava({ JAVA_HOME: '/nonexistent' }), {
    usable: false,
    reason: 'expected Java 17 or newer, got /nonexistent/bin/java does not run',
  })
  assert.deepEqual(await findJava({ PATH: '/nonexistent' }), {
    usable: false,
    reason: 'expected Java 17 or newer, got no java on the PATH and no JAVA_HOME',
  })
})
