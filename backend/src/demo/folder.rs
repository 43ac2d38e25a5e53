//! The folder that a demonstration lives in, and whether one lives there.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::Personas;

/// Lies in the folder while the story is being told.
const UNFINISHED: &str = "demo.unfinished";
/// Lies in the folder from then on; it has the personas' passwords.
const FINISHED: &str = "demo.json";
/// What making leaves behind.
const MADE: [&str; 4] = ["hortus.db", "hortus.db-wal", "hortus.db-shm", "audit.key"];

/// What is in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A demonstration.
    Made,
    /// Nothing of ours, or one whose making was broken off.
    ToBeMade,
}

/// The folder.
pub struct Folder(PathBuf);

impl Folder {
    /// This folder, which is made if it is missing.
    pub fn at(path: &Path) -> anyhow::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| {
                format!(
                    "the folder `{}` cannot be made; choose another with --data",
                    path.display()
                )
            })?;
        Ok(Self(path.to_owned()))
    }

    /// What is in it. A database that is no demonstration is refused.
    pub fn state(&self) -> anyhow::Result<State> {
        if self.0.join(FINISHED).exists() {
            return Ok(State::Made);
        }
        let own = self.0.join(UNFINISHED).exists();
        if !own && self.0.join("hortus.db").exists() {
            bail!(
                "`{}` holds a database that is no demonstration; choose another folder with --data",
                self.0.display()
            );
        }
        Ok(State::ToBeMade)
    }

    /// Clears away what a making that was broken off has left, and notes that a new one begins.
    pub fn begin(&self) -> anyhow::Result<()> {
        File::create(self.0.join(UNFINISHED))?.sync_all()?;
        for name in MADE {
            match fs::remove_file(self.0.join(name)) {
                Err(cause) if cause.kind() != ErrorKind::NotFound => return Err(cause.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Notes that the making is complete, and who can be played.
    pub fn end(&self, personas: &Personas) -> anyhow::Result<()> {
        let (draft, finished) = (self.0.join("demo.json.new"), self.0.join(FINISHED));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(serde_json::to_string_pretty(personas)?.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, &finished)?;
        fs::remove_file(self.0.join(UNFINISHED))?;
        Ok(())
    }

    /// Who can be played.
    pub fn personas(&self) -> anyhow::Result<Personas> {
        let path = self.0.join(FINISHED);
        let text = fs::read_to_string(&path)?;
        serde_json::from_str(&text).with_context(|| {
            format!(
                "`{}` cannot be read; remove the folder to have the demonstration made anew",
                path.display()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn personas() -> Personas {
        Personas { items: Vec::new() }
    }

    #[test]
    fn a_making_that_was_broken_off_is_begun_anew_and_a_finished_one_is_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path()).unwrap();
        assert_eq!(folder.state().unwrap(), State::ToBeMade);
        folder.begin().unwrap();
        fs::write(place.path().join("hortus.db"), "half of it").unwrap();
        assert_eq!(folder.state().unwrap(), State::ToBeMade);
        folder.begin().unwrap();
        assert!(!place.path().join("hortus.db").exists());
        folder.end(&personas()).unwrap();
        assert_eq!(folder.state().unwrap(), State::Made);
    }

    #[test]
    fn a_database_that_is_no_demonstration_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("hortus.db"), "members").unwrap();
        let folder = Folder::at(place.path()).unwrap();
        assert!(folder.state().is_err());
    }

    #[test]
    fn passwords_are_for_the_owner_of_the_folder_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path()).unwrap();
        folder.begin().unwrap();
        folder.end(&personas()).unwrap();
        let mode = fs::metadata(place.path().join(FINISHED))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
