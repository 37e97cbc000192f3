import type {
  CallToolResult,
  ElicitInputParams,
  InputRequest,
  InputRequests,
  InputRequiredResult,
  RequestStateCodec,
  ServerContext,
} from '@modelcontextprotocol/server'
import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server'

import { text } from './conformance-content.ts'

type Call = { readonly request: ServerContext['mcpReq'] }
type Result = CallToolResult | InputRequiredResult

/** Rejects what the client changed of the state that it was given to keep. */
export const requestStates: RequestStateCodec<string> = createRequestStateCodec<string>({
  key: 'a key that only this server of tests has',
})

const says = (words: string): CallToolResult => ({ content: [text(words)] })

/** Asks the user for one value. */
export const elicit = (message: string, name: string, type: 'string' | 'boolean' = 'string'): InputRequest =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [name]: { type } }, required: [name] },
  } as ElicitInputParams)

const sample = (question: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(question) }], maxTokens })

const hasAll = ({ request }: Call, questions: InputRequests): boolean =>
  Object.keys(questions).every(key => inputResponse(request.inputResponses, key).kind !== 'missing')

/** Asks until everything is answered, without keeping anything. */
const asks =
  (questions: InputRequests, answer: (call: Call) => string) =>
  (call: Call): Result =>
    hasAll(call, questions) ? says(answer(call)) : inputRequired({ inputRequests: questions })

/** The same with a state that has to come back. */
const asksWithState =
  (questions: InputRequests, answer: string) =>
  async (call: Call): Promise<Result> =>
    call.request.requestState<string>() === 'asked' && hasAll(call, questions)
      ? says(answer)
      : inputRequired({ inputRequests: questions, requestState: await requestStates.mint('asked') })

const valueOf = ({ request }: Call, key: string, name: string): string => {
  const response = inputResponse(request.inputResponses, key)
  return response.kind === 'elicit' ? String(response.content?.[name]) : response.kind
}

const confirm = { confirm: elicit('Please confirm', 'ok', 'boolean') }

/** Tools that have a question for who calls them (SEP-2322). */
export const questionTools: Readonly<Record<string, (call: Call) => Result | Promise<Result>>> = {
  test_input_required_result_elicitation: asks(
    { user_name: elicit('What is your name?', 'name') },
    call => `Hello, ${valueOf(call, 'user_name', 'name')}!`,
  ),
  test_streaming_elicitation: asks({ user_name: elicit('What is your name?', 'name') }, () => 'Hello!'),
  test_input_required_result_sampling: asks(
    { capital_question: sample('What is the capital of France?', 100) },
    ({ request }) => JSON.stringify(request.inputResponses?.['capital_question']),
  ),
  test_input_required_result_list_roots: asks({ client_roots: inputRequired.listRoots() }, ({ request }) =>
    JSON.stringify(request.inputResponses?.['client_roots']),
  ),
  test_input_required_result_request_state: asksWithState(confirm, 'state-ok'),
  test_input_required_result_tampered_state: asksWithState(confirm, 'state-ok'),
  test_input_required_result_multiple_inputs: asksWithState(
    {
      user_name: elicit('What is your name?', 'name'),
      greeting: sample('Generate a greeting', 50),
      client_roots: inputRequired.listRoots(),
    },
    'All is answered.',
  ),
  async test_input_required_result_multi_round(call) {
    const state = call.request.requestState<string>()
    const step1 = { step1: elicit('Step 1: What is your name?', 'name') }
    const step2 = { step2: elicit('Step 2: What is your favorite color?', 'color') }
    if (state === 'second' && hasAll(call, step2)) return says('Both steps are done.')
    return state === 'first' && hasAll(call, step1)
      ? inputRequired({ inputRequests: step2, requestState: await requestStates.mint('second') })
      : inputRequired({ inputRequests: step1, requestState: await requestStates.mint('first') })
  },
  test_input_required_result_capabilities({ request }) {
    const { sampling, elicitation } =
      (request.envelope as Record<string, Record<string, unknown>> | undefined)?.[
        CLIENT_CAPABILITIES_META_KEY
      ] ?? {}
    return inputRequired({
      inputRequests: {
        ...(sampling !== undefined && { question: sample('What is the capital of France?', 100) }),
        ...(elicitation !== undefined && { user_name: elicit('What is your name?', 'name') }),
      },
    })
  },
}
