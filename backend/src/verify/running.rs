//! Checks a log while its leaves come in one by one, as they do from a running server's database.

use super::note::PublicKey;
use super::tree::{Tree, leaf};

/// The part of a log that was checked so far.
#[derive(Debug)]
pub struct RunningLog {
    key: PublicKey,
    tree: Tree,
}

impl RunningLog {
    /// An empty log that is signed with this key (C2SP vkey).
    ///
    /// # Errors
    /// A sentence, if the text is no key.
    pub fn new(vkey: &str) -> Result<Self, String> {
        Ok(Self {
            key: PublicKey::parse(vkey)?,
            tree: Tree::default(),
        })
    }

    /// Leaves so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Takes the next record with the hash that is stored for it.
    ///
    /// # Errors
    /// A sentence, if the record does not have the hash.
    pub fn record(&mut self, body: &str, stored: &[u8]) -> Result<(), String> {
        let hash = leaf(body);
        if hash.as_slice() != stored {
            return Err(format!(
                "the record of leaf {} is not the one that was sealed: its hash is {}, the leaf is {}",
                self.size(),
                hex::encode(hash),
                hex::encode(stored)
            ));
        }
        self.tree.push(hash);
        Ok(())
    }

    /// Compares a stored checkpoint with the log so far.
    ///
    /// # Errors
    /// A sentence, if it is not signed with the key, or says another size or root.
    pub fn checkpoint(&self, note: &str, size: u64, root: &[u8]) -> Result<(), String> {
        let wrong = |what: String| format!("the checkpoint of size {size}: {what}");
        let (signed_size, signed_root) = self.key.checkpoint(note).map_err(wrong)?;
        if (signed_size, signed_root.as_slice()) != (size, root) {
            return Err(wrong("its columns are not what was signed".to_owned()));
        }
        if size != self.size() {
            return Err(wrong(format!("there are {} leaves", self.size())));
        }
        let computed = self.tree.root();
        if computed == signed_root {
            Ok(())
        } else {
            Err(wrong(format!(
                "the leaves up to it have the root {}, the signed root is {}",
                hex::encode(computed),
                hex::encode(signed_root)
            )))
        }
    }
}
