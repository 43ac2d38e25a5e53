//! Why a set of packs was refused.

/// One thing wrong with one pack, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name of the pack as it was given to [`crate::RuleSet::load`].
    pub pack: String,
    /// The line in the file, counted from 1, where it is known.
    pub line: Option<usize>,
    /// The code of the rule or the name of the lexicon concerned.
    pub subject: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`", self.pack)?;
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        if let Some(subject) = &self.subject {
            write!(f, ", `{subject}`")?;
        }
        write!(f, ": {}; {}", self.problem, self.mend)
    }
}

/// The packs cannot go into service. Carries every fault found, not only the first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rule packs were refused: {}", self.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct LoadError {
    /// All faults, in the order of the packs.
    pub faults: Vec<Fault>,
}
