//! What a signature means (21 CFR 11.50(a)(3)): the sentence that the signer reads before signing, and that is signed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! meanings {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $text:literal;)+) => {
        /// What a signature means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Meaning { $($(#[$doc])* $name),+ }

        impl Meaning {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word that stands in the database, the API and the record.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The sentence that the signer reads.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// From the stored word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

meanings! {
    /// A release.
    ApprovedForPublication = "approved_for_publication",
        "I have reviewed this text and its findings, and I approve it for publication.";
    /// A release of what a company speaker says about a product (R-FB-02).
    ApprovedMlr = "approved_mlr",
        "I have reviewed this text for medical, legal and regulatory requirements, and I approve it for publication.";
    /// A release with words taken out.
    RedactedAndReleased = "redacted_and_released",
        "I have redacted this text, and I approve what remains for publication.";
    /// Cut into parts.
    Divided = "divided",
        "I have reviewed this text, and I divide it into parts that are decided on one by one.";
    /// Sent back to the author.
    ChangesRequested = "changes_requested",
        "I have reviewed this text, and I ask its author for the changes that I name.";
    /// Not released.
    Rejected = "rejected",
        "I have reviewed this text, and I reject it for the reason that I name.";
    /// Asked of somebody else.
    Referred = "referred",
        "I have reviewed this text, and I refer it with the question that I ask.";
    /// Settled by a lead.
    DisagreementSettled = "disagreement_settled",
        "I have read both judgements of this text, and this is my decision.";
    /// A published text was corrected.
    Corrected = "corrected",
        "I have reviewed this correction, and I approve it for publication.";
    /// A published text was taken back.
    Retracted = "retracted",
        "I have reviewed this published text, and I retract it for the reason that I name.";
    /// A retracted text was shown again.
    Restored = "restored",
        "I have reviewed this retracted text, and I approve it for publication again.";
    /// A reported text stays as it is.
    KeptPublished = "kept_published",
        "I have reviewed this published text again, and it stays published.";
    /// The decision stays.
    AppealUpheld = "appeal_upheld",
        "I have reviewed this appeal, and the decision stays as it was.";
    /// The author was right.
    AppealGranted = "appeal_granted",
        "I have reviewed this appeal, and I approve the text for publication.";
    /// No case for the safety team.
    NotAnAdverseEvent = "not_an_adverse_event",
        "I have assessed this text, and it reports no adverse event, for the reason that I name.";
    /// A control was weakened, by a second person.
    PolicyApproved = "policy_approved",
        "I have reviewed this change of policy, and I approve it.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_meaning_has_a_word_and_a_sentence_of_its_own() {
        let words: HashSet<_> = Meaning::ALL.iter().map(|m| m.word()).collect();
        let texts: HashSet<_> = Meaning::ALL.iter().map(|m| m.text()).collect();
        assert_eq!(
            (words.len(), texts.len()),
            (Meaning::ALL.len(), words.len())
        );
        for meaning in Meaning::ALL {
            assert_eq!(Meaning::from_word(meaning.word()), Some(*meaning));
            let json = serde_json::to_value(meaning).unwrap();
            assert_eq!(json, meaning.word(), "the API and the database agree");
            assert!(meaning.text().starts_with("I ") && meaning.text().ends_with('.'));
        }
    }
}
