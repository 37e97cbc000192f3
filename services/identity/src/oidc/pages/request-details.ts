import { html, type Html } from './html.ts'

/** Who asks for what, as far as it is known. All of it but the address is what the asking program says of itself. */
export interface RequestDetails {
  readonly client: string
  readonly agent?: string
  readonly tools: readonly string[]
  /** Where the answer goes: a program on this computer, or a device that asked from elsewhere. */
  readonly from: { readonly kind: 'loopback'; readonly port: string } | DeviceOrigin
}

export interface DeviceOrigin {
  readonly kind: 'device'
  readonly address: string
  readonly userAgent: string
}

/** A list that fits on a page; the rest is counted. */
const shownTools = 12

/** The table that stands on the consent page and on the device page. */
export const requestDetails = ({ client, agent, tools, from }: RequestDetails): Html => html`
  <dl>
    <div>
      <dt>Program</dt>
      <dd>${client}</dd>
    </div>
    <div>
      <dt>For agent</dt>
      <dd>${agent === undefined ? 'not said' : html`<code>${agent}</code>`}</dd>
    </div>
    <div>
      <dt>Tools</dt>
      <dd>${toolList(tools)}</dd>
    </div>
    <div>
      <dt>Asked from</dt>
      <dd>${originOf(from)}</dd>
    </div>
  </dl>
`

const toolList = (tools: readonly string[]): Html =>
  tools.length === 0
    ? html`any that you may use yourself`
    : html`<ul>
        ${tools.slice(0, shownTools).map(tool => html`<li><code>${tool}</code></li>`)}
        ${tools.length > shownTools && html`<li>and ${tools.length - shownTools} more</li>`}
      </ul>`

const originOf = (from: RequestDetails['from']): Html =>
  from.kind === 'loopback'
    ? html`this computer, port ${from.port}`
    : html`another device,
        <code>${from.address}</code>${from.userAgent !== '' && html`<br />${from.userAgent}`}`
