//! Passwords: argon2id with the library's default cost, off the threads that answer requests.

use crate::error::Error;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The fewest characters of a new password. Length is what counts: no rules about kinds of characters.
pub const SHORTEST: usize = 12;
/// The most characters that are looked at.
pub const LONGEST: usize = 200;

/// Each hashing takes 19 MiB and a core, so few run at once and the others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What an unknown account is checked against, so that it takes as long as a known one: of the same
/// cost, and the hash of nothing.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHdvcmtzIGhlcmU\
    $bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBldmVyLiE";

/// Hashes a password, as a PHC string.
///
/// # Errors
/// The library's, which means a defect.
pub async fn hash(password: String) -> Result<String, Error> {
    apart(move || hash_now(&password)).await?
}

/// Whether `password` is the one that was hashed; for an unknown account (none), no, after the same work.
///
/// # Errors
/// What was stored is no hash: a defect.
pub async fn verify(password: String, hashed: Option<String>) -> Result<bool, Error> {
    apart(move || {
        let known = hashed.is_some();
        let hashed = PasswordHash::new(hashed.as_deref().unwrap_or(NOBODY))
            .map_err(|problem| defect(&problem))?;
        let fits = Argon2::default()
            .verify_password(password.as_bytes(), &hashed)
            .is_ok();
        Ok(fits && known)
    })
    .await?
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _permit = AT_ONCE
        .acquire()
        .await
        .map_err(|problem| defect(&problem))?;
    spawn_blocking(work)
        .await
        .map_err(|problem| defect(&problem))
}

fn hash_now(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|problem| defect(&problem))
}

fn defect(problem: &dyn std::fmt::Display) -> Error {
    Error::Internal(format!("passwords: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_account_fits() {
        let hashed = hash("lived experience".to_owned()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$"));
        assert!(
            verify("lived experience".to_owned(), Some(hashed.clone()))
                .await
                .unwrap()
        );
        assert!(
            !verify("lived experiences".to_owned(), Some(hashed))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn an_unknown_account_costs_what_a_known_one_costs_and_never_fits() {
        let cost = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        let known = hash("anything".to_owned()).await.unwrap();
        assert_eq!(cost(NOBODY), cost(&known));
        assert!(!verify("anything".to_owned(), None).await.unwrap());
    }
}
