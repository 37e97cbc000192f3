import assert from 'node:assert/strict'
import { test } from 'node:test'

import { completePackages, platformOf } from './complete-lock.ts'

test('reads system, processor and C library from a name', () => {
  assert.deepEqual(platformOf('@oxlint/binding-linux-x64-musl'), {
    os: ['linux'],
    cpu: ['x64'],
    libc: ['musl'],
  })
  assert.deepEqual(platformOf('@turbo/windows-64'), { os: ['win32'], cpu: ['x64'] })
  assert.deepEqual(platformOf('@oxc-parser/binding-android-arm-eabi'), { os: ['android'], cpu: ['arm'] })
  assert.equal(platformOf('fsevents'), undefined)
})

test('names what is missing beside the package that wants it, and leaves the rest alone', () => {
  const held = { version: '1.0.0', os: ['linux'], cpu: ['x64'], optional: true }
  const completed = completePackages({
    '': { version: '0.0.0' },
    'node_modules/a/node_modules/tool': {
      version: '1.0.0',
      optionalDependencies: { '@tool/linux-x64': '1.0.0', '@tool/darwin-arm64': '1.0.0', fsevents: '2.0.0' },
    },
    'node_modules/a/node_modules/@tool/linux-x64': held,
  })
  assert.deepEqual(completed['node_modules/a/node_modules/@tool/linux-x64'], held)
  assert.deepEqual(completed['node_modules/a/node_modules/@tool/darwin-arm64'], {
    version: '1.0.0',
    os: ['darwin'],
    cpu: ['arm64'],
    optional: true,
  })
  assert.equal(Object.keys(completed).length, 4)
})
