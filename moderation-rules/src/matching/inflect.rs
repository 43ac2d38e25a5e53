//! The regular forms of an English word, and the irregular ones that patients' language needs.

/// Verbs whose past is not made with -ed; the first form is the one packs write.
const IRREGULAR: &[&[&str]] = &[
    &["be", "am", "is", "are", "was", "were", "been", "being"],
    &["become", "became"],
    &["begin", "began", "begun"],
    &["bleed", "bled"],
    &["break", "broke", "broken"],
    &["bring", "brought"],
    &["buy", "bought"],
    &["choose", "chose", "chosen"],
    &["come", "came"],
    &["die", "dying"],
    &["do", "does", "did", "done"],
    &["drive", "drove", "driven"],
    &["eat", "ate", "eaten"],
    &["fall", "fell", "fallen"],
    &["feel", "felt"],
    &["fight", "fought"],
    &["find", "found"],
    &["fly", "flew", "flown"],
    &["forget", "forgot", "forgotten"],
    &["get", "got", "gotten"],
    &["give", "gave", "given"],
    &["go", "goes", "went", "gone"],
    &["grow", "grew", "grown"],
    &["have", "has", "had", "having"],
    &["hear", "heard"],
    &["hold", "held"],
    &["keep", "kept"],
    &["know", "knew", "known"],
    &["leave", "left"],
    &["lie", "lying", "lay"],
    &["lose", "lost"],
    &["make", "made"],
    &["mean", "meant"],
    &["read", "read"],
    &["rise", "rose", "risen"],
    &["run", "ran"],
    &["say", "said"],
    &["see", "saw", "seen"],
    &["sell", "sold"],
    &["send", "sent"],
    &["shake", "shook", "shaken"],
    &["show", "shown"],
    &["sleep", "slept"],
    &["speak", "spoke", "spoken"],
    &["spend", "spent"],
    &["stand", "stood"],
    &["stick", "stuck"],
    &["swell", "swollen", "swole"],
    &["take", "took", "taken"],
    &["tell", "told"],
    &["think", "thought"],
    &["throw", "threw", "thrown"],
    &["wake", "woke", "woken"],
    &["wear", "wore", "worn"],
    &["withdraw", "withdrew", "withdrawn"],
    &["write", "wrote", "written"],
];

/// The word itself and its forms. Forms that are no words do no harm: nobody writes them.
pub(crate) fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let irregular = IRREGULAR.iter().find(|row| row.first() == Some(&word));
    if let Some(row) = irregular {
        forms.extend(row.iter().skip(1).map(|w| (*w).to_owned()));
    }
    let without_last = |n: usize| word.get(..word.len().saturating_sub(n)).unwrap_or(word);
    let last = word.bytes().next_back().unwrap_or(b' ');
    let before = word.bytes().rev().nth(1).unwrap_or(b' ');
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    if last == b'y' && !vowel(before) {
        let stem = without_last(1);
        forms.extend([format!("{stem}ies"), format!("{stem}ied")]);
        forms.push(format!("{word}ing"));
    } else if last == b'e' {
        let stem = without_last(1);
        forms.extend([format!("{word}s"), format!("{word}d"), format!("{stem}ing")]);
    } else {
        let sibilant = matches!(last, b's' | b'x' | b'z' | b'h' | b'o');
        forms.push(format!("{word}s"));
        if sibilant {
            forms.push(format!("{word}es"));
        }
        forms.extend([format!("{word}ed"), format!("{word}ing")]);
        let third = word.bytes().rev().nth(2).unwrap_or(b'a');
        if !vowel(last) && vowel(before) && !vowel(third) && !matches!(last, b'w' | b'x' | b'y') {
            let double = char::from(last);
            forms.extend([format!("{word}{double}ed"), format!("{word}{double}ing")]);
        }
    }
    forms.retain(|form| !form.contains(' '));
    forms.sort_unstable();
    forms.dedup();
    forms
}
