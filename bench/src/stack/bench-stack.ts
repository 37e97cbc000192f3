import { openBenchBackbone, type BenchBackbone, type BenchBackboneOptions } from './bench-backbone.ts'

/** What a bench runs on: topics of its own, and the real scorer. */
export interface BenchStack extends BenchBackbone {
  /** The scorer's metrics, in the text format. */
  scorerMetrics(): Promise<string>
}

/** A backbone with one scorer on it. */
export const startBenchStack = async (options: BenchBackboneOptions): Promise<BenchStack> => {
  const backbone = await openBenchBackbone(options)
  try {
    const scorer = await backbone.startScorer('scorer')
    return { ...backbone, scorerMetrics: () => scorer.metrics() }
  } catch (error) {
    await backbone.close()
    throw error
  }
}
