//! Emoji that say something: each is a word of its own, which packs write by its name.

/// Names as packs write them, between colons, and what is drawn.
pub(crate) const NAMES: [(&str, char); 60] = [
    ("face_vomiting", '🤮'),
    ("face_nauseated", '🤢'),
    ("face_dizzy", '😵'),
    ("face_woozy", '🥴'),
    ("face_sick", '🤒'),
    ("face_bandaged", '🤕'),
    ("face_sneezing", '🤧'),
    ("face_masked", '😷'),
    ("face_hot", '🥵'),
    ("face_cold", '🥶'),
    ("face_sleeping", '😴'),
    ("face_sleepy", '😪'),
    ("face_yawning", '🥱'),
    ("face_tired", '😫'),
    ("face_weary", '😩'),
    ("face_crying", '😢'),
    ("face_sobbing", '😭'),
    ("face_screaming", '😱'),
    ("face_anxious", '😰'),
    ("face_fearful", '😨'),
    ("face_sweating", '😓'),
    ("face_pensive", '😔'),
    ("face_pleading", '🥺'),
    ("face_grimacing", '😬'),
    ("face_confounded", '😖'),
    ("face_persevering", '😣'),
    ("face_angry", '😠'),
    ("face_raging", '😡'),
    ("face_swearing", '🤬'),
    ("face_mind_blown", '🤯'),
    ("face_melting", '🫠'),
    ("face_smiling", '😊'),
    ("face_joy", '😂'),
    ("face_rolling", '🙄'),
    ("face_clown", '🤡'),
    ("skull", '💀'),
    ("skull_and_crossbones", '☠'),
    ("pile_of_poo", '💩'),
    ("syringe", '💉'),
    ("pill", '💊'),
    ("drop_of_blood", '🩸'),
    ("hospital", '🏥'),
    ("ambulance", '🚑'),
    ("police_light", '🚨'),
    ("coffin", '⚰'),
    ("broken_heart", '💔'),
    ("anatomical_heart", '🫀'),
    ("lungs", '🫁'),
    ("brain", '🧠'),
    ("pregnant", '🤰'),
    ("baby", '👶'),
    ("breast_feeding", '🤱'),
    ("fire", '🔥'),
    ("lightning", '⚡'),
    ("hundred", '💯'),
    ("rocket", '🚀'),
    ("thumbs_up", '👍'),
    ("thumbs_down", '👎'),
    ("middle_finger", '🖕'),
    ("money_bag", '💰'),
];

/// The emoji of a name.
pub(crate) fn named(name: &str) -> Option<char> {
    NAMES.iter().find(|(n, _)| *n == name).map(|(_, c)| *c)
}

/// Whether a character is one that packs can write.
pub(super) fn speaks(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}')
        && NAMES.iter().any(|(_, drawn)| *drawn == c)
}
