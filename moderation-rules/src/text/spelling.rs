//! British and American spelling as one: a word of a pack finds both.
//!
//! The folded form is a key and no word: it only has to be the same for both spellings of a word, and not the same for
//! two words. Words that a general rule would confuse (four and for, mourning and morning) are too short for it.

/// The longest word that is folded.
pub(crate) const LONGEST: usize = 40;

/// A folded word; lives on the stack, for it is asked of every unknown word of a text.
pub(crate) struct Spelled {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Spelled {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        }
    }

    /// Writes `new` in place of the last `old` bytes.
    fn end(&mut self, old: usize, new: &[u8]) {
        self.len = self.len.saturating_sub(old);
        for byte in new {
            self.push(*byte);
        }
    }
}

/// Words that follow no rule, in both spellings.
pub(crate) const IRREGULAR: [(&str, &str); 30] = [
    ("grey", "gray"),
    ("greyish", "grayish"),
    ("mould", "mold"),
    ("mouldy", "moldy"),
    ("ageing", "aging"),
    ("sceptic", "skeptic"),
    ("sceptical", "skeptical"),
    ("judgement", "judgment"),
    ("acknowledgement", "acknowledgment"),
    ("aluminium", "aluminum"),
    ("cheque", "check"),
    ("pyjamas", "pajamas"),
    ("practise", "practice"),
    ("practised", "practiced"),
    ("practising", "practicing"),
    ("licence", "license"),
    ("licences", "licenses"),
    ("defence", "defense"),
    ("offence", "offense"),
    ("pretence", "pretense"),
    ("focussed", "focused"),
    ("focussing", "focusing"),
    ("odour", "odor"),
    ("odours", "odors"),
    ("sulphate", "sulfate"),
    ("sulphur", "sulfur"),
    ("sulphite", "sulfite"),
    ("ampoule", "ampule"),
    ("ampoules", "ampules"),
    ("draught", "draft"),
];

/// The key of a word in lower case; `None` where it is the word itself.
pub(crate) fn folded(word: &[u8]) -> Option<Spelled> {
    if word.len() < 4 || word.len() > LONGEST || !word.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    let mut spelled = Spelled {
        bytes: [0; LONGEST],
        len: 0,
    };
    let mut at = 0;
    while let Some(&byte) = word.get(at) {
        let rest = word.get(at..).unwrap_or_default();
        match rest {
            // Anaemia, oedema, diarrhoea.
            [b'a' | b'o', b'e', ..] if word.len() >= 6 => {
                at += 1;
                continue;
            }
            // Behaviour, tumour; not course, fourth, mourning.
            [b'o', b'u', b'r', ..] if at >= 2 && word.len() >= 6 => {
                spelled.push(b'o');
                at += 2;
                continue;
            }
            // Labelled, travelling, fulfill; not swelling.
            [b'l', b'l', ..] if at >= 4 => {
                at += 1;
                continue;
            }
            // Hospitalize, paralyzed; not dizzy.
            [b'z', b'e' | b'i' | b'a', ..]
                if at > 1 && matches!(word.get(at - 1), Some(b'i' | b'y')) && word.len() >= 6 =>
            {
                spelled.push(b's');
            }
            _ => spelled.push(byte),
        }
        at += 1;
    }
    endings(&mut spelled);
    (spelled.as_bytes() != word).then_some(spelled)
}

fn endings(spelled: &mut Spelled) {
    if spelled.len < 5 {
        return;
    }
    // Litre, fibre, manoeuvre.
    match *spelled.as_bytes() {
        [.., before @ (b't' | b'b' | b'v'), b'r', b'e'] => spelled.end(3, &[before, b'e', b'r']),
        [.., before @ (b't' | b'b' | b'v'), b'r', b'e', b's'] => {
            spelled.end(4, &[before, b'e', b'r', b's']);
        }
        // Programme, gramme, dialogue.
        [.., b'm', b'm', b'e'] => spelled.end(2, b""),
        [.., b'm', b'm', b'e', b's'] => spelled.end(3, b"s"),
        [.., b'o', b'g', b'u', b'e'] => spelled.end(2, b""),
        [.., b'o', b'g', b'u', b'e', b's'] => spelled.end(3, b"s"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    fn key(word: &str) -> Vec<u8> {
        folded(word.as_bytes()).map_or(word.as_bytes().to_vec(), |s| s.as_bytes().to_vec())
    }

    #[test]
    fn british_and_american_spellings_have_one_key() {
        for (british, american) in [
            ("anaemia", "anemia"),
            ("haemorrhage", "hemorrhage"),
            ("oedema", "edema"),
            ("diarrhoea", "diarrhea"),
            ("oesophagitis", "esophagitis"),
            ("leukaemia", "leukemia"),
            ("dyspnoea", "dyspnea"),
            ("paediatric", "pediatric"),
            ("foetal", "fetal"),
            ("hospitalised", "hospitalized"),
            ("hospitalisation", "hospitalization"),
            ("paralysed", "paralyzed"),
            ("immunised", "immunized"),
            ("tumour", "tumor"),
            ("tumours", "tumors"),
            ("behaviour", "behavior"),
            ("discolouration", "discoloration"),
            ("labelled", "labeled"),
            ("labelling", "labeling"),
            ("counselling", "counseling"),
            ("enrolment", "enrollment"),
            ("fulfil", "fulfill"),
            ("litres", "liters"),
            ("fibre", "fiber"),
            ("manoeuvre", "maneuver"),
            ("programme", "program"),
            ("dialogue", "dialog"),
        ] {
            assert_eq!(key(british), key(american), "{british} {american}");
        }
    }

    #[test]
    fn words_that_differ_keep_their_keys_apart() {
        for (one, other) in [
            ("mourning", "morning"),
            ("fourth", "forth"),
            ("shoe", "she"),
            ("toes", "tes"),
            ("filling", "filing"),
            ("course", "corse"),
            ("four", "for"),
            ("does", "des"),
            ("swelling", "sweling"),
            ("bellow", "below"),
        ] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }
}
