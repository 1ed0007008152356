//! The demo's groups, with made-up people in the first who wrote a little. Their names say that they are made up, and
//! no phone is theirs.

use crate::{
    db::{
        groups::{
            self, leads,
            messages::{self, Writer},
            people,
        },
        members::{self, MemberRow},
    },
    error::Error,
};
use app::domain::{
    group::{Group, GroupState},
    id::{GroupId, MemberId, PersonId, StaffId},
    opportunity::{Agreement, Area},
    time::Millis,
};
use sqlx::AnyConnection;
use uuid::Uuid;

const HOUR_MS: Millis = 60 * 60 * 1000;

/// Adds both groups: `lead` leads them from the desk, `backup` is behind them. `words` is the first one's id, to which
/// an opportunity belongs.
///
/// # Errors
/// What the database says.
pub async fn fill(
    tx: &mut AnyConnection,
    words: GroupId,
    lead: StaffId,
    backup: StaffId,
    now: Millis,
) -> Result<(), Error> {
    add(tx, words, &letters_and_words(), (lead, backup), now).await?;
    let walks = GroupId(Uuid::now_v7());
    add(tx, walks, &new_ideas(), (lead, backup), now).await?;
    let robin = belongs(tx, words, "Robin (made up)", now).await?;
    let wren = belongs(tx, words, "Wren (made up)", now).await?;
    let said = [
        (
            Writer::Staff(lead),
            "Hello all. On Tuesday we read the first page of the plan. Just listening is fine.",
            30,
        ),
        (
            Writer::Person(robin),
            "I'll come. Could we start with the part about sleep? It is the hardest to read.",
            26,
        ),
        (
            Writer::Person(wren),
            "Good idea. I can't come this week, and I'd like to read what you change.",
            5,
        ),
    ];
    for (by, said, hours_ago) in said {
        let at = now - hours_ago * HOUR_MS;
        messages::add(&mut *tx, Uuid::now_v7(), words, by, said, at).await?;
    }
    Ok(())
}

async fn add(
    tx: &mut AnyConnection,
    id: GroupId,
    group: &Group,
    (lead, backup): (StaffId, StaffId),
    now: Millis,
) -> Result<(), Error> {
    groups::add(&mut *tx, id, group, backup, now).await?;
    groups::note_agreement(&mut *tx, id, &group.agreement, (backup, now)).await?;
    leads::add_account(&mut *tx, id, lead, (backup, now)).await?;
    groups::set_backup(&mut *tx, id, Some(backup)).await?;
    groups::publish(tx, id).await
}

async fn belongs(
    tx: &mut AnyConnection,
    group: GroupId,
    name: &str,
    now: Millis,
) -> Result<PersonId, Error> {
    let member = MemberRow {
        id: MemberId(Uuid::now_v7()),
        name: Some(name.to_owned()),
        team: None,
    };
    members::add(&mut *tx, &member, now).await?;
    people::join(&mut *tx, group, member.id, 1, now).await?;
    let row = people::of_member(tx, group, member.id).await?;
    Ok(row.ok_or(Error::NotFound)?.id)
}

fn letters_and_words() -> Group {
    Group {
        area: Area::Wording,
        title: "Letters and words".to_owned(),
        does: "We read the letters and forms that people get, and change them until they are kind and clear."
            .to_owned(),
        who_for: Some("Anyone who has ever had one of our letters. You need not be good at writing.".to_owned()),
        meets: Some("Tuesday afternoons at Harbour House, and online.".to_owned()),
        led_by: Some("Priya, with people who have been there too".to_owned()),
        backup: None,
        came_of_it: Some("Three appointment letters changed this summer, because this group read them.".to_owned()),
        agreement: agreement(
            "We listen, and nobody has to speak.\n\nWhat is said here stays here.\n\nWe can disagree, and stay kind.",
        ),
        state: GroupState::Open,
    }
}

fn new_ideas() -> Group {
    Group {
        area: Area::BusinessDevelopment,
        title: "New ideas".to_owned(),
        does: "We look at plans for new services before money is spent on them, and say what we would want."
            .to_owned(),
        who_for: Some("People who use our services, or have.".to_owned()),
        meets: Some("Once a month, online.".to_owned()),
        led_by: Some("Priya".to_owned()),
        backup: None,
        came_of_it: None,
        agreement: agreement("We listen to each other.\n\nWhat is said here stays here."),
        state: GroupState::Paused,
    }
}

fn agreement(text: &str) -> Agreement {
    Agreement {
        version: 1,
        text: text.to_owned(),
    }
}
