//! What people ended since a backup was made, carried into it before it takes the database's place.
//!
//! A phone whose server goes back in time takes back again what its person took back. Who has left
//! Chorus, or lost the phone, has no phone that could: so where the database that is replaced can still
//! be read, its leavings and withdrawals are done again in the copy, by the rules and in the order of any
//! push. Where it cannot be read, whoever restores is told.
//!
//! A private calendar address that was ended since, or of which nothing is known any more, opens nothing: it is in the
//! calendar of some phone. One that still opened stays.
//!
//! How staff sign in never goes back either: an account that was disabled stays so, a password that was
//! changed stays changed, who was signed out everywhere stays out, and every invitation ends.

use crate::{
    clock,
    commands::{
        incoming::{Incoming, Push, What},
        push,
    },
    db::{
        self, calendars,
        leaving::{self, Ended},
        sign_ins,
    },
    error::Error,
};
use app::domain::{command::Command, id::CommandId, time::rfc3339};
use sqlx::Connection;
use std::{collections::HashSet, path::Path};
use uuid::Uuid;

/// How much was carried over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// People who had left.
    pub people: usize,
    /// Things that had been taken back.
    pub things: usize,
}

/// Does again in `copy` what was ended in `replaced`. None if that cannot be read.
///
/// # Errors
/// The copy cannot be written.
pub async fn over(replaced: &Path, copy: &Path) -> Result<Option<Carried>, Error> {
    calendars_over(replaced, copy).await?;
    let Ok(ended) = db::backup::ended(replaced).await else {
        return Ok(None);
    };
    let before: HashSet<Ended> = db::backup::ended(copy).await?.into_iter().collect();
    let mut copy = db::backup::open(copy).await?;
    let known = leaving::all_members(&mut copy).await?;
    // Of who joined after the backup nothing is in it.
    let is_new = |it: &&Ended| !before.contains(it) && known.contains(&it.member());
    let new: Vec<Ended> = ended.iter().filter(is_new).copied().collect();
    let people = new.iter().filter(|it| matches!(it, Ended::Member(_)));
    let people = people.count();
    let carried = Carried {
        people,
        things: new.len() - people,
    };
    // A database of an older version knows of no account that was shut out.
    if let Ok(accounts) = db::backup::sign_ins(replaced).await {
        for account in &accounts {
            sign_ins::carry(&mut copy, account).await?;
        }
    }
    sign_ins::end_invites(&mut copy).await?;
    let pushes: Vec<Push> = new.into_iter().map(again).collect();
    for some in pushes.chunks(200) {
        let some: Vec<&Push> = some.iter().collect();
        push::apply(&mut copy, clock::now_ms(), &some).await?;
    }
    db::backup::settle(copy).await?;
    Ok(Some(carried))
}

/// There is no database to be replaced: which calendar addresses were ended since nobody knows, so none opens.
///
/// # Errors
/// The copy cannot be written.
pub async fn nothing(copy: &Path) -> Result<(), Error> {
    end_calendars(copy, &HashSet::new()).await
}

/// Only the addresses that opened something until now do so again; where that cannot be read, none.
async fn calendars_over(replaced: &Path, copy: &Path) -> Result<(), Error> {
    let living = db::backup::calendars(replaced).await.unwrap_or_default();
    end_calendars(copy, &living).await
}

async fn end_calendars(copy: &Path, living: &HashSet<String>) -> Result<(), Error> {
    let mut copy = db::backup::open(copy).await?;
    let mut transaction = copy.begin().await?;
    calendars::end_all_but(&mut transaction, living).await?;
    transaction.commit().await?;
    db::backup::settle(copy).await
}

/// As if the member had sent it once more, now.
fn again(ended: Ended) -> Push {
    let (member, command) = match ended {
        Ended::Member(member) => (member, Command::Leave(member)),
        Ended::CheckIn(member, id) => (member, Command::WithdrawCheckIn(id)),
        Ended::SignUp(member, id) => (member, Command::WithdrawSignUp(id)),
    };
    Push {
        member,
        device: None,
        commands: vec![Incoming {
            id: Some(CommandId(Uuid::now_v7())),
            // No phone ever sends this id, so nothing is compared with it.
            hash: "0".repeat(64),
            made_at: rfc3339(clock::now_ms()),
            what: What::Command(command),
        }],
    }
}
