//! A member's own phones: which browsers they are signed in on, and ending that from another one.
//!
//! Signing a phone out ends its sessions and return keys; what is on it stays on it. A lost phone is
//! asked to clear itself when it next calls, and that cannot be taken back.

use super::refusal::Refusal;
use serde::Serialize;

crate::words! {
    /// How a phone stands.
    pub enum DeviceState {
        /// Signed in.
        InUse "in_use",
        /// Signed out from another phone: it sends and gets nothing until its person joins again.
        SignedOut "signed_out",
        /// Asked to clear itself; it has not called since.
        Lost "lost",
        /// It has called and was told to clear itself.
        Cleared "cleared",
    }
}

/// The `device` record, in its member's own scope. Its id is the device's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Device {
    /// A plain name, "Phone, Chrome on Android".
    pub name: String,
    /// How it stands.
    pub state: DeviceState,
    /// RFC 3339; when it became a phone of this member.
    pub added_at: String,
    /// The day of its first sign-in, `2026-11-25`.
    pub first_seen: String,
    /// The day it called last: written at most daily.
    pub last_seen: String,
    /// The first name of who on the staff helped to add it.
    pub added_by: Option<String>,
    /// The first name of who on the staff wrote down that it is lost.
    pub lost_by: Option<String>,
}

crate::reads_json!(Device {
    name,
    state,
    added_at,
    first_seen,
    last_seen,
    added_by,
    lost_by
});

/// `device.sign_out`, sent from `own` about another phone. The state it takes; none if nothing changes.
///
/// # Errors
/// [`Refusal`]: no such phone of this member, or the very phone that asks.
pub fn sign_out(is_own: bool, known: Option<DeviceState>) -> Result<Option<DeviceState>, Refusal> {
    match known {
        None => Err(Refusal::NoSuchDevice),
        Some(_) if is_own => Err(Refusal::ThisPhone),
        Some(DeviceState::InUse) => Ok(Some(DeviceState::SignedOut)),
        Some(_) => Ok(None),
    }
}

/// `device.lost`: as [`sign_out`]. What was asked to clear itself stays asked.
///
/// # Errors
/// [`Refusal`]: no such phone of this member, or the very phone that asks.
pub fn lose(is_own: bool, known: Option<DeviceState>) -> Result<Option<DeviceState>, Refusal> {
    match known {
        None => Err(Refusal::NoSuchDevice),
        Some(_) if is_own => Err(Refusal::ThisPhone),
        Some(DeviceState::Lost | DeviceState::Cleared) => Ok(None),
        Some(_) => Ok(Some(DeviceState::Lost)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [DeviceState; 4] = [
        DeviceState::InUse,
        DeviceState::SignedOut,
        DeviceState::Lost,
        DeviceState::Cleared,
    ];

    #[test]
    fn no_phone_signs_itself_out_or_clears_itself_by_accident() {
        for state in ALL {
            assert_eq!(sign_out(true, Some(state)), Err(Refusal::ThisPhone));
            assert_eq!(lose(true, Some(state)), Err(Refusal::ThisPhone));
        }
    }

    #[test]
    fn a_phone_that_is_not_the_members_is_nothing_to_them() {
        assert_eq!(sign_out(false, None), Err(Refusal::NoSuchDevice));
        assert_eq!(lose(false, None), Err(Refusal::NoSuchDevice));
    }

    #[test]
    fn no_order_of_asking_makes_a_lost_phone_one_that_is_not_cleared() {
        for state in ALL {
            let lost = lose(false, Some(state)).unwrap().unwrap_or(state);
            assert!(matches!(lost, DeviceState::Lost | DeviceState::Cleared));
            let after = sign_out(false, Some(lost)).unwrap().unwrap_or(lost);
            assert_eq!(after, lost);
        }
    }
}
