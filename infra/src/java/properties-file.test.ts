import assert from 'node:assert/strict'
import { test } from 'node:test'

import { propertiesText } from './properties-file.ts'

// java.util.Properties.load: a backslash escapes, leading white space of a value is dropped
test('writes values so that Java reads them back', () => {
  assert.equal(
    propertiesText({ port: 9092, enabled: false, pem: 'one\ntwo', path: 'C:\\kafka', padded: ' x' }),
    'port=9092\nenabled=false\npem=one\\ntwo\npath=C:\\\\kafka\npadded=\\ x\n',
  )
})
