//! The few words that the browser's side itself has to say; they stand in the language files.

use super::platform;
use app::{
    lang::en::phone,
    sync::replica::NotKept,
    ui::local::{Problem, StoreState},
};

/// What the screens say while the store does not work.
pub fn store_fails() -> StoreState {
    StoreState::Fails(why().to_owned())
}

/// Nothing was kept, because of the store.
pub fn store_problem() -> Problem {
    Problem::Store(why().to_owned())
}

/// Why something a person asked for was not kept.
pub fn not_kept(reason: NotKept) -> Problem {
    match reason {
        NotKept::Store => store_problem(),
        NotKept::TooLarge => Problem::Refused(phone::TOO_LARGE.get().to_owned()),
        NotKept::TooLate => Problem::Refused(phone::TOO_LATE.get().to_owned()),
    }
}

fn why() -> &'static str {
    let why = if platform::store_is_full() {
        phone::STORE_FULL
    } else {
        phone::STORE_CLOSED
    };
    why.get()
}
