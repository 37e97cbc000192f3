import type { Bundle } from '@cordon/policy'
import type { BaselineLookup, Kernel } from '@cordon/risk'
import { createKernel } from '@cordon/risk'

/** The kernel as the bundle sets it, which judges by the baselines. @throws RiskError `KERNEL_OPTION_INVALID` */
export const bundleKernel = (
  { thresholds, falseAlarms, roles, weights = {} }: Bundle,
  baselineFor: BaselineLookup,
): Kernel =>
  createKernel({
    baselineFor,
    ...(thresholds && { thresholds }),
    ...(falseAlarms && { falseAlarms }),
    weights,
    priors: { roles },
  })
