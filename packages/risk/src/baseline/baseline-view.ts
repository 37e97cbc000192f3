import type { RolePeaks } from '../calibration/calibration.ts'
import type { Baselines, Profile } from './baselines.ts'
import { emptyProfile } from './baselines.ts'
import { profileDifference } from './profile-difference.ts'
import { ProfileView } from './profile-view.ts'

/** What a session is compared with: its agent, the others in its role, everyone else. What is not known is empty. */
export interface BaselineView {
  /** Of the baselines; decisions name it. */
  readonly version: number
  readonly agent: ProfileView
  /** The role without this agent. */
  readonly role: ProfileView
  /** Everyone outside the role. */
  readonly all: ProfileView
  /** Sum over the tools that are known to agent and role of how attractive they are to misuse. */
  readonly attraction: number
  /** Of the role, and of every role. */
  readonly peaks: { readonly role: RolePeaks | undefined; readonly all: RolePeaks }
}

/** Finds the baseline of a session. Must answer the same for the same arguments as long as a kernel uses it. */
export type BaselineLookup = (agentId: string, role: string) => BaselineView

/** Lays baselines out for look-ups, each combination of agent and role when it is first asked for. */
export const baselineLookup = ({ version, agents, roles, all, calibration }: Baselines): BaselineLookup => {
  // Only combinations of known names are kept, so their number is that of the baselines.
  const views = new Map<Profile, Map<Profile, BaselineView>>()
  const profileOf = (profiles: Readonly<Record<string, Profile>>, name: string): Profile =>
    Object.hasOwn(profiles, name) ? profiles[name]! : emptyProfile
  return (agentId, role) => {
    const agentProfile = profileOf(agents, agentId)
    const roleProfile = profileOf(roles, role)
    const viewsOfAgent = views.get(agentProfile) ?? new Map<Profile, BaselineView>()
    views.set(agentProfile, viewsOfAgent)
    const held = viewsOfAgent.get(roleProfile)
    if (held !== undefined) return held
    const agent = new ProfileView(agentProfile)
    const whole = new ProfileView(roleProfile)
    const view: BaselineView = {
      version,
      agent,
      role: new ProfileView(profileDifference(roleProfile, agentProfile)),
      all: new ProfileView(profileDifference(all, roleProfile)),
      attraction: Math.max(agent.attraction, whole.attraction),
      peaks: {
        role: Object.hasOwn(calibration.roles, role) ? calibration.roles[role] : undefined,
        all: calibration.all,
      },
    }
    viewsOfAgent.set(roleProfile, view)
    return view
  }
}
