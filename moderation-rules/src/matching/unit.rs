//! Units and what they measure.

use serde::Deserialize;

/// What a number with a unit tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// How much of a product: `20 mg`, `2 puffs`, `5 mg/kg`.
    Dose,
    /// How long: `two weeks`.
    Duration,
    /// `12 %`.
    Percent,
    /// How old: `54-year-old`, `aged 54`, `54F`.
    Age,
    /// Body weight: `70 kg`, `12 stone`.
    Weight,
    /// Body temperature: `39.5 °C`, `103 F`.
    Temperature,
    /// A laboratory or vital value: `7.2 mmol/l`, `160 mmHg`.
    Lab,
}

/// A unit: what it measures, the unit its values are compared in, and the way there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unit {
    pub kind: Kind,
    /// Only values of one base can be compared.
    pub base: &'static str,
    factor: f64,
    offset: f64,
}

impl Unit {
    const fn of(kind: Kind, base: &'static str, factor: f64) -> Self {
        Self {
            kind,
            base,
            factor,
            offset: 0.0,
        }
    }

    pub(crate) fn in_base(&self, value: f64) -> f64 {
        value * self.factor + self.offset
    }

    /// The age that a duration of life is, in years.
    pub(crate) fn as_age(&self) -> Option<Self> {
        (self.kind == Kind::Duration).then(|| Self::of(Kind::Age, "years", self.factor / YEAR))
    }
}

/// Days.
const MONTH: f64 = 30.4375;
/// Days.
const YEAR: f64 = 365.25;

pub(crate) const YEARS_OF_AGE: Unit = Unit::of(Kind::Age, "years", 1.0);
pub(crate) const CELSIUS: Unit = Unit::of(Kind::Temperature, "c", 1.0);
pub(crate) const FAHRENHEIT: Unit = Unit {
    kind: Kind::Temperature,
    base: "c",
    factor: 5.0 / 9.0,
    offset: -160.0 / 9.0,
};

/// The unit that goes without saying for limits of a kind; laboratory values have none.
pub(crate) fn usual(kind: Kind) -> Option<Unit> {
    match kind {
        Kind::Dose => unit("mg"),
        Kind::Duration => unit("days"),
        Kind::Percent => unit("%"),
        Kind::Age => Some(YEARS_OF_AGE),
        Kind::Weight => unit("kg"),
        Kind::Temperature => Some(CELSIUS),
        Kind::Lab => None,
    }
}

/// A unit as it is written, in lower case.
pub(crate) fn unit(written: &str) -> Option<Unit> {
    use Kind::{Dose, Duration, Lab, Percent, Weight};
    let (kind, base, factor) = match written {
        "mg" | "mgs" | "milligram" | "milligrams" | "mg/day" | "mg/d" => (Dose, "mg", 1.0),
        "g" | "gm" | "gms" | "gram" | "grams" => (Dose, "mg", 1000.0),
        "mcg" | "mcgs" | "ug" | "μg" | "µg" | "microgram" | "micrograms" => (Dose, "mg", 0.001),
        "mg/kg" => (Dose, "mg/kg", 1.0),
        "mcg/kg" | "ug/kg" | "μg/kg" | "µg/kg" => (Dose, "mg/kg", 0.001),
        "mg/m2" => (Dose, "mg/m2", 1.0),
        "mg/ml" => (Dose, "mg/ml", 1.0),
        "ml" | "mls" | "cc" | "milliliter" | "milliliters" | "millilitre" | "millilitres" => {
            (Dose, "ml", 1.0)
        }
        "unit" | "units" | "u" | "iu" => (Dose, "units", 1.0),
        "meq" => (Dose, "meq", 1.0),
        "tablet" | "tablets" | "tab" | "tabs" | "pill" | "pills" | "capsule" | "capsules"
        | "caps" | "puff" | "puffs" | "drop" | "drops" | "spray" | "sprays" | "patch"
        | "patches" => (Dose, "pieces", 1.0),
        "%" | "percent" | "pct" => (Percent, "%", 1.0),
        "second" | "seconds" | "sec" | "secs" => (Duration, "days", 1.0 / 86_400.0),
        "minute" | "minutes" | "min" | "mins" => (Duration, "days", 1.0 / 1_440.0),
        "hour" | "hours" | "hr" | "hrs" | "h" => (Duration, "days", 1.0 / 24.0),
        "day" | "days" | "night" | "nights" => (Duration, "days", 1.0),
        "week" | "weeks" | "wk" | "wks" => (Duration, "days", 7.0),
        "fortnight" | "fortnights" => (Duration, "days", 14.0),
        "month" | "months" | "mo" | "mos" | "mth" | "mths" => (Duration, "days", MONTH),
        "year" | "years" | "yr" | "yrs" => (Duration, "days", YEAR),
        "decade" | "decades" => (Duration, "days", 10.0 * YEAR),
        "yo" | "y/o" => return Some(YEARS_OF_AGE),
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" => (Weight, "kg", 1.0),
        "lb" | "lbs" | "pound" | "pounds" => (Weight, "kg", 0.453_592_37),
        "stone" | "stones" => (Weight, "kg", 6.350_293_18),
        "°c" | "celsius" => return Some(CELSIUS),
        "°f" | "fahrenheit" => return Some(FAHRENHEIT),
        "mmol/l" => (Lab, "mmol/l", 1.0),
        "umol/l" | "μmol/l" | "µmol/l" => (Lab, "mmol/l", 0.001),
        "nmol/l" => (Lab, "nmol/l", 1.0),
        "pmol/l" => (Lab, "pmol/l", 1.0),
        "g/dl" => (Lab, "g/dl", 1.0),
        "g/l" => (Lab, "g/dl", 0.1),
        "mg/dl" => (Lab, "mg/dl", 1.0),
        "mg/l" => (Lab, "mg/l", 1.0),
        "ng/ml" | "ug/l" | "μg/l" | "µg/l" | "mcg/l" => (Lab, "ng/ml", 1.0),
        "ng/dl" => (Lab, "ng/dl", 1.0),
        "pg/ml" => (Lab, "pg/ml", 1.0),
        "u/l" | "iu/l" => (Lab, "u/l", 1.0),
        "miu/l" | "mu/l" | "miu/ml" => (Lab, "miu/l", 1.0),
        "meq/l" => (Lab, "meq/l", 1.0),
        "k/ul" | "k/μl" | "k/µl" => (Lab, "k/ul", 1.0),
        "mmhg" => (Lab, "mmhg", 1.0),
        "bpm" => (Lab, "bpm", 1.0),
        "ml/min" => (Lab, "ml/min", 1.0),
        "mm/h" | "mm/hr" => (Lab, "mm/h", 1.0),
        "ms" | "msec" => (Lab, "ms", 1.0),
        _ => return None,
    };
    Some(Unit::of(kind, base, factor))
}
