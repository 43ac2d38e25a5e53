//! Everyday English words that are one or two letters away from words of this field, and are no typing error.

/// Words in lower case, separated by gaps.
pub(super) const EVERYDAY: &str = "
abutting academic acceleration addition additional additive additives admire admired alternation alternations
attached attaching attacker attackers backing badness blanking bleating blending bounding breeding bridging camping
casually certainty charging cheating clamping clashing cleaning coincide comment commented commenting comments compete
competed competes competing compilation compilations complementary completion compute computed computers confession confessions
conformed conforming conforms contemplated contemplating contract contracted contractors contrive contusion convention conventions
converted cramming crimping cushing deceleration decrease decreased decreases decreasing dedication defeated defeating
defender deletion deletions delicious depended depending deposit derivation detecting detective devising discovery
discrete displaced display displays earthling electron emergence emergent entirety evacuation exiting expensive familiar
flashing fleshing graceful granting handing handline handover hypothesis immigrant impatient imperfect indention
inflated inflating inflation inflected inflection infraction infractions installation installations insulated insulating
insufficient integrations intention intentions interception internal intersection intersections invention inverted
irrigated irrigation judgments lability liability lighting likewise linewise mediation mediations meditating meditation
meditations metering million multiplex oversight overdone overdue painting panning parented particle particles patents
persona plumbing precaution precipitation precious predicated predicates predication prescriptive preservation presumed
printing processed processes proscribed proscription professor professors projected projecting projection projective
projects provable provably radical radicals reactivating reasonably recoded recoding recreation redacted redacting
redaction reformed regaining regarded relations remaining remixing reneging reordered reordering resorted resorting
restring retraining reverted reverting reviewer revolved reworded rewording rooting sanitisation sanitization seeding
sending sentences shelling shingled shrinker signaller significand silicon simulate simulated simulates simulating
simulator simulators singing singular slickness slotting smelling solutions sometime sorting spanning spelling staples
starling starring starving stating stealing stepping stimming stitched stomping strained stream streamed streamer
streaming striding stringing stroking structure structures structuring swearing sweeping swilling swinging tangling
tending thousand throughput tinkling trailing translated transportation tripping unblocked unblocking unmarked wheeling
wherever whitener whopping
";
