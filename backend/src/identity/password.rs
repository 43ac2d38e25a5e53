//! Passwords as Argon2id (m = 19 MiB, t = 2, p = 1, as OWASP asks), computed in memory that is kept.
//!
//! There are as many blocks of memory as cores. Keeping them halves the memory and a third of the slowest answers, and
//! their number is at the same time the limit of how many sign-ins are computed at once: more would only be slower.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use rand::RngExt as _;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
const SALT_BYTES: usize = 16;

/// Why a password could be neither hashed nor compared.
#[derive(Debug, Error)]
pub enum PasswordFault {
    /// More people sign in than the machine can compute.
    #[error("too many people sign in at this moment; try again in a few seconds")]
    Busy,
    /// The stored hash is unreadable or the computation failed.
    #[error("a password hash could not be computed: {0}")]
    Broken(String),
}

fn broken(cause: impl std::fmt::Display) -> PasswordFault {
    PasswordFault::Broken(cause.to_string())
}

/// Hashes and compares passwords. Clones share the memory.
#[derive(Clone)]
pub struct Passwords {
    pool: Arc<Pool>,
}

struct Pool {
    turns: Arc<Semaphore>,
    kept: Mutex<Vec<Vec<Block>>>,
}

/// The right to compute one password now.
pub(super) struct Turn {
    memory: Vec<Block>,
    pool: Arc<Pool>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        let mut kept = self
            .pool
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        kept.push(memory);
    }
}

impl Passwords {
    /// One computation at a time for each core.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            pool: Arc::new(Pool {
                turns: Arc::new(Semaphore::new(cores)),
                kept: Mutex::new(Vec::new()),
            }),
        }
    }

    /// Waits for a turn; gives up after ten seconds.
    pub(super) async fn turn(&self) -> Result<Turn, PasswordFault> {
        let waiting = Arc::clone(&self.pool.turns).acquire_owned();
        let permit = tokio::time::timeout(PATIENCE, waiting)
            .await
            .map_err(|_| PasswordFault::Busy)?
            .map_err(broken)?;
        let kept = self
            .pool
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        Ok(Turn {
            memory: kept.unwrap_or_default(),
            pool: Arc::clone(&self.pool),
            _permit: permit,
        })
    }

    /// The PHC string to store for this password.
    pub async fn hash(&self, password: &SecretString) -> Result<String, PasswordFault> {
        let (mut turn, password) = (self.turn().await?, normal(password));
        tokio::task::spawn_blocking(move || {
            let salt = rand::rng().random::<[u8; SALT_BYTES]>();
            let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
            turn.compute(&Params::DEFAULT, &password, &salt, &mut output)?;
            phc(&salt, &output)
        })
        .await
        .map_err(broken)?
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Turn {
    /// Whether this is the password of the stored PHC string. Without one, a password that nobody knows is compared:
    /// the same work, and always wrong.
    pub(super) async fn verify(
        mut self,
        password: &SecretString,
        stored: Option<String>,
    ) -> Result<bool, PasswordFault> {
        let password = normal(password);
        tokio::task::spawn_blocking(move || {
            let stored = match stored {
                Some(stored) => stored,
                None => phc(
                    &rand::rng().random::<[u8; SALT_BYTES]>(),
                    &rand::rng().random::<[u8; Params::DEFAULT_OUTPUT_LEN]>(),
                )?,
            };
            let stored = PasswordHash::new(&stored).map_err(broken)?;
            let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
                return Err(broken("the stored hash has no salt or no output"));
            };
            if stored.algorithm != ARGON2ID_IDENT {
                return Err(broken("the stored hash is not Argon2id"));
            }
            let params = Params::try_from(&stored).map_err(broken)?;
            let mut output = vec![0; expected.len()];
            self.compute(&params, &password, salt.as_ref(), &mut output)?;
            Ok(output.ct_eq(expected.as_bytes()).into())
        })
        .await
        .map_err(broken)?
    }

    fn compute(
        &mut self,
        params: &Params,
        password: &SecretString,
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), PasswordFault> {
        if self.memory.len() < params.block_count() {
            self.memory.resize(params.block_count(), Block::new());
        }
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into_with_memory(
                password.expose_secret().as_bytes(),
                salt,
                output,
                self.memory.as_mut_slice(),
            )
            .map_err(broken)
    }
}

/// One password typed on two keyboards is one password: composed and decomposed letters are the same.
fn normal(password: &SecretString) -> SecretString {
    password.expose_secret().nfkc().collect::<String>().into()
}

fn phc(salt: &[u8], output: &[u8]) -> Result<String, PasswordFault> {
    Ok(PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&Params::DEFAULT).map_err(broken)?,
        salt: Some(Salt::new(salt).map_err(broken)?),
        hash: Some(Output::new(output).map_err(broken)?),
    }
    .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stored_password_names_its_cost_and_is_recognised() {
        let passwords = Passwords::new();
        let stored = passwords
            .hash(&"tram orchid seven quilt".into())
            .await
            .unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        for (typed, right) in [
            ("tram orchid seven quilt", true),
            ("tram orchid seven quilt ", false),
        ] {
            let turn = passwords.turn().await.unwrap();
            let found = turn.verify(&typed.into(), Some(stored.clone())).await;
            assert_eq!(found.unwrap(), right);
        }
    }

    #[tokio::test]
    async fn the_same_letters_from_two_keyboards_are_the_same_password() {
        let passwords = Passwords::new();
        let stored = passwords.hash(&"grüne Tür am See".into()).await.unwrap();
        let turn = passwords.turn().await.unwrap();
        let decomposed = "gru\u{308}ne Tu\u{308}r am See".into();
        assert!(turn.verify(&decomposed, Some(stored)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_the_password_of_an_account_that_does_not_exist() {
        let turn = Passwords::new().turn().await.unwrap();
        assert!(!turn.verify(&"anything at all".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_that_is_not_ours_is_a_fault_and_never_a_match() {
        for stored in [
            "",
            "plain",
            "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo",
        ] {
            let turn = Passwords::new().turn().await.unwrap();
            assert!(
                turn.verify(&"x".into(), Some(stored.to_owned()))
                    .await
                    .is_err()
            );
        }
    }

    #[tokio::test]
    async fn the_memory_comes_back_and_is_used_again() {
        let passwords = Passwords::new();
        for _ in 0..3 {
            passwords.hash(&"tram orchid seven".into()).await.unwrap();
        }
        assert_eq!(passwords.pool.kept.lock().unwrap().len(), 1);
    }
}
