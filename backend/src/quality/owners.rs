//! Who answers for a rule: its pack names a function of the company, and the settings say which role that is here.

use std::collections::BTreeMap;

use crate::communities::roles::Role;

/// Which role stands for which function.
#[derive(Debug, Clone, Default)]
pub struct Owners(BTreeMap<String, Role>);

impl Owners {
    /// As the settings say.
    ///
    /// # Errors
    /// Names what is no role.
    pub fn of_settings(settings: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut owners = BTreeMap::new();
        for (function, word) in settings {
            let role = Role::ALL.into_iter().find(|role| role.word() == word);
            let role = role.ok_or_else(|| {
                format!("`quality.owners`: `{word}` is no role; `{function}` needs one")
            })?;
            owners.insert(function.to_lowercase(), role);
        }
        Ok(Self(owners))
    }

    /// The role that answers for the rules of this function; a lead for those of nobody.
    pub fn role(&self, function: &str) -> Role {
        let known = self.0.get(&function.trim().to_lowercase());
        known.copied().unwrap_or(Role::Lead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_its_role_and_what_nobody_named_is_the_leads() {
        let set = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
            Owners::of_settings(&pairs.collect())
        };
        let owners = set(&[("Drug safety", "safety_officer")]).unwrap();
        assert_eq!(owners.role("drug safety "), Role::SafetyOfficer);
        assert_eq!(owners.role("another"), Role::Lead);
        let refused = set(&[("drug safety", "pharmacist")]).unwrap_err();
        assert!(refused.contains("pharmacist"), "{refused}");
    }
}
