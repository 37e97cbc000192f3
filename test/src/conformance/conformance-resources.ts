import type { Prompt, PromptMessage, ReadResourceResult, Resource } from '@modelcontextprotocol/sdk/types.js'

import { png, text } from './conformance-content.ts'

type Contents = ReadResourceResult['contents'][number]

const staticText: Contents = {
  uri: 'test://static-text',
  mimeType: 'text/plain',
  text: 'This is the content of the static text resource.',
}
const staticBinary: Contents = { uri: 'test://static-binary', mimeType: 'image/png', blob: png }
const watched: Contents = { uri: 'test://watched-resource', mimeType: 'text/plain', text: 'Watched.' }
const statics = [staticText, staticBinary, watched]

export const conformanceResources: readonly Resource[] = statics.map(({ uri, mimeType }) => ({
  uri,
  name: uri.slice('test://'.length),
  mimeType,
}))

export const conformanceTemplate = {
  uriTemplate: 'test://template/{id}/data',
  name: 'template',
  mimeType: 'application/json',
}

/** @returns `undefined` where there is none */
export const readConformanceResource = (uri: string): Contents | undefined => {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
  if (id === undefined) return statics.find(resource => resource.uri === uri)
  const data = { id, templateTest: true, data: `Data for ID: ${id}` }
  return { uri, mimeType: conformanceTemplate.mimeType, text: JSON.stringify(data) }
}

const user = (content: PromptMessage['content']): PromptMessage => ({ role: 'user', content })

type Arguments = Readonly<Record<string, string>>

const prompts: Readonly<
  Record<string, { readonly takes: readonly string[]; say(args: Arguments): PromptMessage[] }>
> = {
  test_simple_prompt: { takes: [], say: () => [user(text('This is a simple prompt for testing.'))] },
  test_prompt_with_arguments: {
    takes: ['arg1', 'arg2'],
    say: ({ arg1, arg2 }) => [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  },
  test_prompt_with_embedded_resource: {
    takes: ['resourceUri'],
    say: ({ resourceUri = '' }) => [
      user({
        type: 'resource',
        resource: {
          uri: resourceUri,
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      }),
      user(text('Please process the embedded resource above.')),
    ],
  },
  test_prompt_with_image: {
    takes: [],
    say: () => [
      user({ type: 'image', data: png, mimeType: 'image/png' }),
      user(text('Please analyze the image above.')),
    ],
  },
}

export const conformancePrompts: readonly Prompt[] = Object.entries(prompts).map(([name, { takes }]) => ({
  name,
  description: 'As its scenario has it.',
  arguments: takes.map(argument => ({ name: argument, description: 'Any text.', required: true })),
}))

/** @returns `undefined` where there is none */
export const sayConformancePrompt = (name: string, args: Arguments): PromptMessage[] | undefined =>
  prompts[name]?.say(args)
