//! What changed at the demo's organisation: some that are out, one of them not possible so far, and a draft that waits
//! for a second person. Of the words that changed, staff are asked to read a note.

use crate::{
    db::{
        changes::{self, Begins},
        learning,
    },
    error::Error,
};
use app::domain::{
    change::{ChangeKind, ChangePlan},
    id::{ChangeId, GroupId, NoteId, StaffId},
    learning::NotePlan,
    opportunity::Area,
    time::{DAY_MS, Millis, rfc3339},
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// Adds all of them: the first `writer` wrote, the second agreed. The words are the work of `group`.
///
/// # Errors
/// What the database says.
pub async fn fill(
    tx: &mut AnyConnection,
    group: GroupId,
    (writer, second): (StaffId, StaffId),
    now: Millis,
) -> Result<(), Error> {
    for (plan, days_ago) in [(texts(), 41), (evenings(now), 17), (letters(group), 4)] {
        let at = now - days_ago * DAY_MS;
        let id = begin(tx, &plan, writer, at).await?;
        changes::agree(&mut *tx, id, (second, at)).await?;
        changes::publish(&mut *tx, id, None, (writer, at)).await?;
        if plan.group.is_some() {
            explain(&mut *tx, id, group, (writer, at)).await?;
        }
    }
    begin(tx, &waiting_room(), writer, now).await?;
    Ok(())
}

async fn begin(
    tx: &mut AnyConnection,
    plan: &ChangePlan,
    by: StaffId,
    at: Millis,
) -> Result<ChangeId, Error> {
    let id = ChangeId(Uuid::now_v7());
    let begins = Begins {
        by: Some(by),
        ..Begins::default()
    };
    changes::add(tx, id, plan, begins, at).await?;
    Ok(id)
}

/// The note about the letters: the group approved it, and nobody has read it.
async fn explain(
    tx: &mut AnyConnection,
    change: ChangeId,
    group: GroupId,
    by: (StaffId, Millis),
) -> Result<(), Error> {
    let id = NoteId(Uuid::now_v7());
    let plan = NotePlan {
        old_words: "You have been given an appointment. If you fail to attend you may be discharged.".to_owned(),
        new_words: "We have kept a time for you. If it does not suit you, ring us and we will find another.".to_owned(),
        why: "“I read ‘fail’ and ‘discharged’ and stopped reading.” Three of us put it in a drawer.".to_owned(),
        differently: "When someone does not come, ring and ask what would make it easier. Do not send a warning."
            .to_owned(),
        question: "When did a letter last make you want to put it away?".to_owned(),
        significant: true,
        ..NotePlan::new(Some(group))
    };
    let began = (Some(by.0), by.1);
    learning::add(&mut *tx, id, (id, 1), &plan, Some(change), began).await?;
    learning::approve(&mut *tx, id, by).await?;
    let row = learning::find(&mut *tx, id).await?;
    learning::publish(tx, &row, 1, by).await
}

fn plan(area: Area, [you_said, we_did, why, who_took_part]: [&str; 4]) -> ChangePlan {
    ChangePlan {
        you_said: you_said.to_owned(),
        we_did: we_did.to_owned(),
        why: why.to_owned(),
        who_took_part: who_took_part.to_owned(),
        ..ChangePlan::new(area, None)
    }
}

fn letters(group: GroupId) -> ChangePlan {
    let plan = plan(
        Area::Wording,
        [
            "The letter about a first visit reads like a telling-off. I put it in a drawer.",
            "The letter now starts with who you will meet, and how to ask for another time. The warning is gone.",
            "People told us that the warning made them stay away. Nobody came sooner because of it.",
            "The Letters and words group, and eleven people who read the draft in the waiting room.",
        ],
    );
    ChangePlan {
        group: Some(group),
        ..plan
    }
}

fn texts() -> ChangePlan {
    plan(
        Area::Communications,
        [
            "A text the day before would help. The letter comes two weeks ahead and I lose it.",
            "You can ask for a text the day before. It says a time and a place, and nothing else.",
            "Letters are hard to keep hold of when things are hard.",
            "Nine people, by phone and on paper.",
        ],
    )
}

fn evenings(now: Millis) -> ChangePlan {
    let in_half_a_year: String = rfc3339(now + 182 * DAY_MS).chars().take(10).collect();
    let plan = plan(
        Area::Other,
        [
            "Please open one evening a week. I work, and I can't say at work where I am going.",
            "You can ask for the first call of the day, at 8 in the morning.",
            "the building closes at 6, and the lease does not let us stay longer. We have asked the owner.",
            "Fourteen people wrote it on cards, and two came to talk to us about it.",
        ],
    );
    ChangePlan {
        kind: ChangeKind::NotYet,
        look_again: in_half_a_year,
        ..plan
    }
}

fn waiting_room() -> ChangePlan {
    plan(
        Area::Other,
        [
            "The radio in the waiting room is too loud to think.",
            "It is off. There is a shelf of quiet things to do instead.",
            "Waiting is the hardest part for many, and noise makes it harder.",
            "Six people who wait there often.",
        ],
    )
}
