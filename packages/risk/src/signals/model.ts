/**
 * The constants of the signals. Generic: chosen for what they mean, not fitted to a set of attacks; calibration replaces
 * the thresholds, not these.
 */
export const model = {
  /** Evidence halves in so much time without new evidence. */
  evidenceHalfLifeMs: 900_000,
  /** A longer silence counts as this much: waiting does not wash a session clean. */
  maxSilenceMs: 600_000,

  /*
   * `hedge`: share of the calls of a session under misuse that are misuse. `unforeseen`: share of ordinary calls of which the
   * baseline knows nothing, because the work is new: see `hedgedNats`.
   */

  tool: {
    /** Discount of the Pitman-Yor back-off. */
    discount: 0.6,
    /** Strength of the Pitman-Yor back-off. */
    strength: 1,
    /** Tools that may exist beside the known ones. */
    unknownTools: 16,
    /** Calls by which the session's own habits count as much as the baseline. */
    sessionWeight: 4,
    /** Calls of agent or role by which the signal has half its force: little is known of a new agent. */
    maturityCalls: 30,
    hedge: 0.3,
    unforeseen: 0.00125,
    /** What neither agent nor role ever called brings at least this, however often they call something new. */
    leastForUnknown: 1,
    /** What is left of it for low reads. */
    readShare: 0.6,
  },

  resource: {
    discount: 0.6,
    strength: 1,
    /** Uses for which the role's habit stands in for an agent's few. */
    parentUses: 4,
    /** Share of new resources under misuse. */
    misuseShare: 0.5,
    hedge: 0.3,
    unforeseen: 0.00125,
  },

  rate: {
    halfLifeMs: 30_000,
    /** How many times faster misuse may be. */
    factors: [2, 4, 8, 16],
    /** Calls may come in a burst, as one turn's parallel calls do. */
    graceMs: 15_000,
    /** Where nothing was learned: calls per second, and their spread relative to it. */
    mean: 0.2,
    spread: 1.5,
    /** Sessions for which the role's rate stands in for an agent's few. */
    parentSessions: 4,
    /** Counts towards suspending: haste alone suspends nobody. */
    suspendingNats: 6,
  },

  provenance: {
    /**
     * Share of sensitive calls under misuse whose target came from a result and is foreign (no session that was learned
     * from has met it anywhere); whose target came from a result, but is known; of which only another argument did.
     */
    misuseForeign: 0.6,
    misuseTargets: 0.2,
    misuseOthers: 0.1,
    /** The same in ordinary work, before anything was learned. */
    usualForeign: 0.01,
    usualTargets: 0.1,
    usualOthers: 0.1,
    /** Calls for which the parent's shares stand in. */
    parentCalls: 50,
    /**
     * Sensitive calls of one tool for which the share of all tools stands in. Whether they act on what is foreign is what tools
     * differ most in.
     */
    toolCalls: 8,
    toolForeignCalls: 2,
    /** Foreign targets of a tool for which "any way" stands in, and the share of misuse that takes one certain way. */
    newRoutes: 2,
    routeShare: 0.125,
    /** Where results could not be kept: share of misuse whose target is not among what was; and of ordinary calls, before learning. */
    misuseUnclear: 0.3,
    usualUnclear: 0.05,
    hedge: 0.5,
    unforeseen: 0.0033,
    /** Counts towards suspending: a result that a server wrote cannot have a session suspended by itself. */
    suspendingNats: 5,
  },

  wording: {
    /** Share of sensitive calls under misuse with a value out of running text. */
    misuseFromText: 0.6,
    /** Of a parameter's values in ordinary work, before anything was learned; and for how many of its values that stands in. */
    usualFromText: 0.05,
    slotDraws: 8,
  },

  argument: {
    /** Uses for which the share of new values of any parameter stands in. */
    parentUses: 4,
    parentNovelty: 0.7,
    /** Share of new values under misuse. */
    misuseShare: 0.8,
    /** What is left of it where others in the role have used the value. */
    roleShare: 0.5,
    /** What is left of it for low reads. */
    readShare: 0.4,
    unforeseen: 0.125,
  },

  volume: {
    /** A share of results above this is nothing rare. */
    rare: 0.01,
    hedge: 0.3,
    unforeseen: 0.04,
  },

  /** Calls that bring no more than this conform. */
  conformingNats: 0.5,

  failures: {
    misuseShare: 0.4,
    usualShare: 0.08,
    /** Calls for which the parent's share stands in. */
    parentCalls: 25,
    /** Calls by which the session's own share counts as much as the baseline. */
    sessionWeight: 10,
    hedge: 0.3,
    unforeseen: 0.04,
  },

  integrity: {
    /** A record of the session that nobody can read. */
    undecodableNats: 2,
    /** A call that was proved and never reported: what it did, nobody here saw. */
    unreportedNats: 0.5,
    /** What missing calls bring at once, however many there are. */
    maxUnreportedNats: 2,
    /** A proof of the session's key that came a second time: what the agent sends is in somebody else's hands. */
    replayedNats: 3,
    /** A call with the number of another one: an answer that was lost can do that, a proxy that lies does it as often as it likes. */
    reusedNats: 0.5,
    /** A call of a tool whose definition changed: what the model now reads of it, nobody approved. */
    driftedNats: 3,
    /**
     * Replays, reused numbers and drifted tools add nothing to more than this. Replays were all refused, and whoever has one captured
     * call must not be able to suspend a session with it; a new release of a tool server changes many tools at once.
     */
    maxBreachNats: 4,
  },

  history: {
    /** Half of what earlier sessions left is gone after half a week: a quarter is left after a week. */
    halfLifeMs: 302_400_000,
    /**
     * What a session starts with at most: by itself it suspends nobody. It asks for approvals; where learned sessions were so quiet that
     * less makes read-only, it does that.
     */
    maxNats: 3.5,
    /** What is remembered at most: some calm sessions make up for anything. */
    maxHeldNats: 8,
    /** Below this nothing is left. */
    minNats: 0.1,
    /** Humans under suspicion whom an agent's baseline has room for. */
    maxHumans: 64,
    /** A session in good standing whose own evidence went so far is uneasy: few do. */
    uneasyNats: 2,
    /** Share of sessions of each worst standing where somebody splits an attack over them; and otherwise, as promised. */
    misuseShare: 0.25,
    usualShares: { trusted: 0.85, uneasy: 0.1, verify: 0.04, readOnly: 0.009, suspended: 0.001 },
  },

  learning: {
    dayMs: 86_400_000,
    /** What one human may teach a subject in a day: a share of the sessions that taught it, and never less than so many. */
    humanShare: 0.05,
    leastPerDay: 2,
    /** Humans who may teach a subject in a day. */
    maxHumans: 1024,
    /** A baseline is published anew when it has grown by this share, and after a day. */
    growth: 0.1,
    /** How long a version stays once there is a newer one: longer than the log of any session that began with it. */
    keptMs: 691_200_000,
  },

  /** Evidence below this is not worth a sentence. */
  minFactNats: 0.05,
} as const
