//! The first admin: with no staff yet, start-up prints a one-time address with a secret in it.

use rand::{Rng, rng};
use std::sync::{Arc, Mutex, PoisonError};

/// The one-time token, while there is no staff. Cheap to clone. A restart makes a new one.
#[derive(Clone, Debug, Default)]
pub struct SetUp(Arc<Mutex<Option<String>>>);

impl SetUp {
    /// Open, with a new token, where nobody works here yet.
    pub fn new(nobody_yet: bool) -> Self {
        let token = nobody_yet.then(|| {
            let mut bytes = [0_u8; 24];
            rng().fill_bytes(&mut bytes);
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        });
        Self(Arc::new(Mutex::new(token)))
    }

    /// The path to open in a browser, while it is open.
    pub fn path(&self) -> Option<String> {
        self.lock()
            .as_ref()
            .map(|token| format!("/staff/set-up/{token}"))
    }

    /// Whether `token` is the one that was printed.
    pub fn fits(&self, token: &str) -> bool {
        // The token is random and tried over a network: the time of this comparison tells nothing of use.
        self.lock().as_deref() == Some(token)
    }

    /// Ends it: there is an admin now.
    pub fn close(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_works_until_there_is_an_admin() {
        let set_up = SetUp::new(true);
        let path = set_up.path().unwrap();
        let token = path.rsplit('/').next().unwrap();
        assert!(set_up.fits(token));
        assert!(!set_up.fits(""));
        set_up.close();
        assert!(!set_up.fits(token));
        assert_eq!(set_up.path(), None);
    }

    #[test]
    fn with_staff_there_is_no_address() {
        assert_eq!(SetUp::new(false).path(), None);
    }
}
