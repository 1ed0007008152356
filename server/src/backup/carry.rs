//! What people ended since a backup was made, carried into it before it takes the database's place.
//!
//! A phone whose server goes back in time takes back again what its person took back. Who has left
//! Chorus, or lost the phone, has no phone that could: so where the database that is replaced can still
//! be read, its leavings and withdrawals are done again in the copy, by the rules and in the order of any
//! push. So is what they deleted or changed of what would make taking part easier for them, and how much less their words about
//! their experience may be used for. Where it cannot be
//! read, whoever restores is told.
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
        self, calendars, experiences,
        leaving::{self, Ended},
        needs, sign_ins,
    },
    error::Error,
};
use app::domain::{
    command::Command,
    experience::{self, MayUse},
    group::{GroupAct, InGroup},
    id::{CommandId, ExperienceId, GroupId, MemberId, PeerMatchId, SuggestionId},
    needs::KeepNeeds,
    peer::Does,
    shared_plan,
    time::rfc3339,
    words::suggestion::Says,
};
use sqlx::Connection;
use std::{
    collections::{BTreeSet, HashSet},
    path::Path,
};
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
    // A database of an older version kept nothing of this for next time.
    let needs = match db::backup::needs(replaced).await {
        Ok(replaced) => needs_let_go(&replaced, &needs::all(&mut copy).await?),
        Err(_) => Vec::new(),
    };
    // A database of an older version had no experiences.
    let less = match db::backup::uses(replaced).await {
        Ok(replaced) => narrowed(&replaced, &experiences::uses(&mut copy).await?),
        Err(_) => Vec::new(),
    };
    let carried = Carried {
        people,
        things: new.len() - people + needs.len() + less.len(),
    };
    // A database of an older version knows of no account that was shut out.
    if let Ok(accounts) = db::backup::sign_ins(replaced).await {
        for account in &accounts {
            sign_ins::carry(&mut copy, account).await?;
        }
        experiences::people::publish(&mut copy).await?;
    }
    sign_ins::end_invites(&mut copy).await?;
    let needs = needs.into_iter().map(|(member, said)| again(member, said));
    let less = less.into_iter().map(|(member, it)| again(member, vec![it]));
    let pushes = new.into_iter().map(again_ended);
    let pushes: Vec<Push> = pushes.chain(needs).chain(less).collect();
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

fn again_ended(ended: Ended) -> Push {
    let (member, command) = match ended {
        Ended::Member(member) => (member, Command::Leave(member)),
        Ended::CheckIn(member, id) => (member, Command::WithdrawCheckIn(id)),
        Ended::SignUp(member, id) => (member, Command::WithdrawSignUp(id)),
        Ended::Plan(member, id) => (member, shared_plan::withdrawal(id)),
        Ended::Message(member, id) => {
            // Taking back asks for no group: a message knows its own.
            let group = GroupId(Uuid::nil());
            let back = InGroup::about(GroupAct::TakeBack, group, id, None);
            (member, Command::from(back))
        }
        Ended::Membership(member, group) => {
            let leave = InGroup::new(GroupAct::Leave, group);
            (member, Command::from(leave))
        }
        Ended::Suggestion(member, id) => (member, Command::from(Says::Withdraw(id))),
        Ended::Experience(member, id) => (member, Command::from(experience::Says::Withdraw(id))),
        Ended::Story(member, id) => (member, Command::from(experience::Says::TakeDown(id))),
        Ended::Comment(member, id) => {
            // A comment knows its own suggestion.
            let back = Says::TakeBackComment(SuggestionId(Uuid::nil()), id);
            (member, Command::from(back))
        }
        Ended::PeerAsk(member, id) => (member, Command::from(Does::Withdraw(id))),
        Ended::PeerMessage(member, message) => {
            // A message knows its own match.
            let back = Does::TakeBack {
                message,
                peer_match: PeerMatchId(Uuid::nil()),
            };
            (member, Command::from(back))
        }
    };
    again(member, vec![command])
}

/// What the copy has of what would make it easier, and its member had let go of in the database that is
/// replaced: what was kept, if it was deleted or said anew, and what their sign-ups said, if it was taken out of
/// those. It is taken out of all at once, so that all which the copy has had lost it.
fn needs_let_go(replaced: &needs::All, copy: &needs::All) -> Vec<(MemberId, Vec<Command>)> {
    let emptied: BTreeSet<MemberId> = (copy.said.iter())
        .filter(|(id, (member, says))| *says && replaced.said.get(id) == Some(&(*member, false)))
        .map(|(_, (member, _))| *member)
        .collect();
    let changed = |member: &&MemberId| copy.kept.get(*member) != replaced.kept.get(*member);
    let mut members = emptied.clone();
    members.extend(copy.kept.keys().filter(changed));
    let again = |member: MemberId| {
        let gone = KeepNeeds::delete(member, emptied.contains(&member));
        let stays = (replaced.kept.get(&member)).map(|(words, consent)| KeepNeeds {
            consent: Some(*consent),
            ..KeepNeeds::keep(member, words.clone())
        });
        let said = [Some(gone), stays].into_iter().flatten();
        (member, said.map(Command::KeepNeeds).collect())
    };
    members.into_iter().map(again).collect()
}

/// What the copy may be used for, and its member allowed no more in the database that is replaced.
fn narrowed(replaced: &experiences::Uses, copy: &experiences::Uses) -> Vec<(MemberId, Command)> {
    let less = |(id, (member, may_use)): (&ExperienceId, &(MemberId, MayUse))| {
        let (_, was) = copy
            .get(id)
            .filter(|(_, was)| was != may_use && was.allows(*may_use))?;
        let it = experience::Use {
            experience: *id,
            was: *was,
            may_use: *may_use,
            name: None,
        };
        Some((*member, Command::from(experience::Says::Use(it))))
    };
    replaced.iter().filter_map(less).collect()
}

/// As if the member had sent it once more, now.
fn again(member: MemberId, commands: Vec<Command>) -> Push {
    let incoming = |command| Incoming {
        id: Some(CommandId(Uuid::now_v7())),
        // No phone ever sends this id, so nothing is compared with it.
        hash: "0".repeat(64),
        made_at: rfc3339(clock::now_ms()),
        what: What::of(command),
    };
    Push {
        member,
        device: None,
        commands: commands.into_iter().map(incoming).collect(),
    }
}
