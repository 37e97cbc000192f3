/** A line of a chart, in the units of its axes. */
export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Drawn as steps: the value holds until the next point. */
  readonly isStepped?: boolean
}

export interface Chart {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  /** Where the horizontal axis has a mark, with its text; the first and last are its ends. */
  readonly xMarks: readonly (readonly [at: number, text: string])[]
  readonly xLogarithmic?: boolean
  readonly series: readonly Series[]
}

const width = 640
const height = 360
const frame = { left: 56, right: 620, top: 40, bottom: 300 }
/** Told apart also by who sees no colours, by their order in the legend and their dashes. */
const colours = ['#0b5fff', '#d1495b', '#2e8b57', '#8a6d00', '#6b4fa0', '#555555']
const dashes = ['', '6 3', '2 3', '8 3 2 3', '1 2', '4 4']

/** The chart as SVG, with shares from 0 to 100 % on its vertical axis. */
export const chartSvg = (chart: Chart): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(chart.title)}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(frame.left, 24, chart.title, 'start', 14),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap(share => [
      line(frame.left, yOf(share), frame.right, yOf(share), '#ddd'),
      text(frame.left - 6, yOf(share) + 4, `${share * 100} %`, 'end'),
    ]),
    ...chart.xMarks.map(([at, mark]) => text(xOf(chart, at), frame.bottom + 16, mark, 'middle')),
    text((frame.left + frame.right) / 2, frame.bottom + 34, chart.xLabel, 'middle'),
    text(frame.left, 36, chart.yLabel, 'start', 10),
    ...chart.series.flatMap((series, position) => [
      `<polyline fill="none" stroke="${colours[position % colours.length]}" stroke-width="2" stroke-dasharray="${dashes[position % dashes.length]}" points="${pointsOf(chart, series)}"/>`,
      line(
        frame.left + 8,
        legendY(position) - 4,
        frame.left + 32,
        legendY(position) - 4,
        colours[position % colours.length]!,
        dashes[position % dashes.length],
      ),
      text(frame.left + 38, legendY(position), series.name, 'start'),
    ]),
    '</svg>',
    '',
  ].join('\n')

// Below the curves of good scorers there is room.
const legendY = (position: number): number => frame.bottom - 12 - 16 * position

const xOf = ({ xMarks, xLogarithmic = false }: Chart, value: number): number => {
  const scale = (at: number): number => (xLogarithmic ? Math.log(at) : at)
  const from = scale(xMarks[0]![0])
  const to = scale(xMarks.at(-1)![0])
  const share = Math.min(1, Math.max(0, (scale(value) - from) / (to - from)))
  return Math.round(10 * (frame.left + share * (frame.right - frame.left))) / 10
}

const yOf = (share: number): number =>
  Math.round(10 * (frame.bottom - share * (frame.bottom - frame.top))) / 10

const pointsOf = (chart: Chart, { points, isStepped = false }: Series): string => {
  const places = points.map(([x, y]) => [xOf(chart, x), yOf(y)] as const)
  return places
    .flatMap(([x, y], at) => {
      const before = places[at - 1]
      return isStepped && before !== undefined
        ? [[x, before[1]] as const, [x, y] as const]
        : [[x, y] as const]
    })
    .map(place => place.join(','))
    .join(' ')
}

const line = (x1: number, y1: number, x2: number, y2: number, colour: string, dash = ''): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="${dash === '' && colour === '#ddd' ? 1 : 2}" stroke-dasharray="${dash}"/>`

const text = (x: number, y: number, content: string, anchor: string, size = 12): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}">${escaped(content)}</text>`

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
