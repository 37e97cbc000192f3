import type { Bundle } from '@cordon/policy'
import type { Baselines, Kernel } from '@cordon/risk'
import { baselineLookup, createKernel } from '@cordon/risk'

/** The kernel as the bundle sets it, which judges by the baselines. @throws RiskError `KERNEL_OPTION_INVALID` */
export const bundleKernel = (
  { thresholds, falseAlarms, roles, weights = {} }: Bundle,
  baselines: Baselines,
): Kernel =>
  createKernel({
    baselineFor: baselineLookup(baselines),
    ...(thresholds && { thresholds }),
    ...(falseAlarms && { falseAlarms }),
    weights,
    priors: { roles },
  })
