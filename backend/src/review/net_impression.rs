//! Benefit and risk as the reviewer weighs them: what is claimed, what is told of risk and where, what is missing.

use moderation_rules::{Balance, Field, Lack, Place};
use serde::Serialize;
use utoipa::ToSchema;

use crate::posts::{Revision, utf16_offset};

/// Words of the text and where they stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct Words {
    /// The field they stand in.
    pub field: Field,
    /// Where they begin, in UTF-16 code units.
    pub start: usize,
    /// Where they end, in UTF-16 code units.
    pub end: usize,
    /// The words.
    pub words: String,
}

/// Benefit and risk in the text (21 CFR 202.1(e)(5) to (7)).
#[derive(Debug, Serialize, ToSchema)]
pub struct NetImpression {
    /// The claims of benefit, in the order of the text.
    pub benefits: Vec<Words>,
    /// The statements of risk, in the order of the text.
    pub risks: Vec<Words>,
    /// Pointers to risk that is told elsewhere; they mend nothing.
    pub links: Vec<Words>,
    /// The share of words before the first risk, 0 to 1; nothing where no risk is told.
    pub risk_position: Option<f64>,
    /// Risk is only linked to.
    pub only_a_link: bool,
    /// What a balanced text would have.
    pub missing: Vec<Lack>,
}

/// The balance with places as browsers count them.
pub fn net_impression(balance: Balance, revision: &Revision) -> NetImpression {
    let words = |places: Vec<Place>| {
        let words = places.into_iter().map(|place| words(place, revision));
        words.collect()
    };
    NetImpression {
        benefits: words(balance.benefits),
        risks: words(balance.risks),
        links: words(balance.links),
        risk_position: balance.risk_position,
        only_a_link: balance.only_a_link,
        missing: balance.missing,
    }
}

fn words(place: Place, revision: &Revision) -> Words {
    let text = match place.field {
        Field::Title => revision.title.as_deref().unwrap_or(""),
        Field::Body => &revision.body,
    };
    Words {
        field: place.field,
        start: utf16_offset(text, place.start),
        end: utf16_offset(text, place.end),
        words: place.words,
    }
}
