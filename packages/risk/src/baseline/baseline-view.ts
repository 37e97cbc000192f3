import type { WorkPeaks } from '../calibration/calibration.ts'
import type { Suspicion } from '../suspicion/suspicion.ts'
import type { BaselinePins } from './baseline-pins.ts'
import type { Baselines, Profile } from './baselines.ts'
import { emptyProfile } from './baselines.ts'
import { profileDifference } from './profile-difference.ts'
import { ProfileView } from './profile-view.ts'

/** What a session is compared with: its agent, the others in its role, everyone else. What is not known is empty. */
export interface BaselineView {
  /** Of the baselines in the file; decisions name it where nothing newer was in force. */
  readonly version: number
  readonly agent: ProfileView
  /** The role without this agent. */
  readonly role: ProfileView
  /** Everyone outside the role. */
  readonly all: ProfileView
  /** Sum over the tools that are known to agent and role of how attractive they are to misuse. */
  readonly attraction: number
  /** What earlier sessions of the agent left behind. */
  readonly suspicions: readonly Suspicion[]
  /** Of the role, and of every role. */
  readonly peaks: { readonly role: WorkPeaks | undefined; readonly all: WorkPeaks }
}

/** Finds the baseline of a session. Must answer the same for the same arguments as long as a kernel uses it. */
export type BaselineLookup = (agentId: string, role: string, pins: BaselinePins) => BaselineView

/** What a view is laid out from; the role with the agent in it, everyone with the role. */
export interface ViewParts extends Pick<BaselineView, 'version' | 'suspicions' | 'peaks'> {
  readonly agent: Profile
  readonly role: Profile
  readonly all: Profile
}

/** Lays profiles out for look-ups. */
export const baselineView = ({ version, agent, role, all, suspicions, peaks }: ViewParts): BaselineView => {
  const ofAgent = new ProfileView(agent)
  return {
    version,
    agent: ofAgent,
    role: new ProfileView(profileDifference(role, agent)),
    all: new ProfileView(profileDifference(all, role)),
    suspicions,
    attraction: Math.max(ofAgent.attraction, new ProfileView(role).attraction),
    peaks,
  }
}

/** Looks up in baselines of a file, whatever versions a session is pinned to; each combination of agent and role is laid out once. */
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
    const view = baselineView({
      version,
      agent: agentProfile,
      role: roleProfile,
      all,
      suspicions: [],
      peaks: {
        role: Object.hasOwn(calibration.roles, role) ? calibration.roles[role] : undefined,
        all: calibration.all,
      },
    })
    viewsOfAgent.set(roleProfile, view)
    return view
  }
}
