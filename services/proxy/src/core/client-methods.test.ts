import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ClientNotificationSchema, ClientRequestSchema } from '@modelcontextprotocol/sdk/types.js'

import { isClientMessage } from './client-methods.ts'

const request = (method: string) => ({ kind: 'request' as const, id: 1, method, params: {} })
const notification = (method: string) => ({ kind: 'notification' as const, method, params: {} })

const methodsOf = ({
  options,
}: {
  readonly options: readonly { readonly shape: { readonly method: { readonly value: string } } }[]
}) => options.map(({ shape }) => shape.method.value)

test('whatever the official client can send is known', () => {
  for (const method of methodsOf(ClientRequestSchema)) assert.ok(isClientMessage(request(method)), method)
  for (const method of methodsOf(ClientNotificationSchema))
    assert.ok(isClientMessage(notification(method)), method)
})

test('a call is a request, and its method is spelt in one way', () => {
  assert.equal(isClientMessage(notification('tools/call')), false)
  assert.equal(isClientMessage(request('notifications/initialized')), false)
  for (const method of ['Tools/Call', 'tools/call ', 'tools//call', 'tools/run', '__proto__', 'constructor'])
    assert.equal(isClientMessage(request(method)), false, method)
})
