import { ofClass, peakOf } from '../judged-session.ts'
import type { ProtocolResult } from '../protocol-result.ts'
import type { Containment } from '../time-to-contain.ts'
import { chartSvg } from './chart.ts'

/** Hijacks found against benign sessions touched, from 1 in 1,000 on. */
export const rocSvg = ({ protocol, model, simple }: ProtocolResult): string =>
  chartSvg({
    title: `${protocol.title}: hijacked sessions found`,
    xLabel: 'benign sessions touched',
    yLabel: '',
    xLogarithmic: true,
    xMarks: [
      [0.001, '0.1 %'],
      [0.01, '1 %'],
      [0.05, '5 %'],
      [0.2, '20 %'],
      [1, '100 %'],
    ],
    series: [model, ...simple].map(({ scorer, curve }) => ({
      name: scorer,
      isStepped: true,
      points: curve.map(([benign, hijacked]) => [Math.max(0.001, benign), hijacked] as const),
    })),
  })

/** Which share of the sessions of a class has a higher evidence. */
export const evidenceSvg = ({ protocol, judged }: ProtocolResult): string =>
  chartSvg({
    title: `${protocol.title}: sessions whose evidence goes beyond`,
    xLabel: 'nats',
    yLabel: '',
    xMarks: Array.from({ length: 9 }, (_, nats) => [nats, String(nats)] as const),
    series: (['benign', 'resisted', 'unexposed', 'hijacked'] as const).map(name => {
      const peaks = ofClass(judged, name).map(peakOf)
      return {
        name,
        points: Array.from({ length: 81 }, (_, tenth) => {
          const nats = tenth / 10
          return [nats, peaks.filter(peak => peak > nats).length / Math.max(1, peaks.length)] as const
        }),
      }
    }),
  })

/** Which share of hijacks was contained after so many calls that were forwarded. */
export const containmentSvg = (cordon: readonly Containment[], perimeter: readonly Containment[]): string => {
  const most = 12
  const within = (contained: readonly Containment[]) =>
    Array.from(
      { length: most + 1 },
      (_, calls) =>
        [
          calls,
          contained.filter(each => each.calls <= calls).length / Math.max(1, contained.length),
        ] as const,
    )
  return chartSvg({
    title: 'Hijacks contained',
    xLabel: 'calls forwarded from the first injected one on',
    yLabel: '',
    xMarks: Array.from({ length: most / 2 + 1 }, (_, mark) => [2 * mark, String(2 * mark)] as const),
    series: [
      { name: 'Cordon, by its own thresholds', points: within(cordon), isStepped: true },
      {
        name: 'valid credential, static tool list: when the session ends',
        points: within(perimeter),
        isStepped: true,
      },
    ],
  })
}
