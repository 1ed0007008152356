//! What people told the demo's Harbour team: enough, and closed, that the themes show something; one that nobody has read,
//! and one half-way, with a story that its member has still to approve. Nobody is named as an independent person: that is
//! an admin's to do.

use crate::{
    db::{
        experiences::{
            self, ExperienceRow, desk,
            stories::{self, StoryRow},
        },
        members::{self, MemberRow},
    },
    error::Error,
};
use app::domain::{
    care::{By, CareState},
    experience::{
        CONSENT_VERSION, Experience, Link, LinkState, MayUse, Reader, Send, Stage, story::Standing,
    },
    id::{ExperienceId, MemberId, StaffId, StoryId, TeamId},
    time::{DAY_MS, HOUR_MS, Millis, rfc3339},
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// What is told, at which stage, and what staff say that it touches.
const TOLD: [(Stage, &str, &str, &str); 2] = [
    (
        Stage::CrisisCare,
        "The person on the phone did not hurry me.",
        "I waited four hours, and nobody said for how long.",
        "waiting",
    ),
    (
        Stage::Hospital,
        "A nurse sat with me in the night.",
        "I was asked the same questions by five people.",
        "being listened to",
    ),
];

/// How many people tell each, and how many days ago.
const TIMES: [(usize, i64); 2] = [(7, 20), (6, 110)];

/// Adds all of it; `reader` is who of the team reads.
///
/// # Errors
/// What the database says.
pub async fn fill(
    tx: &mut AnyConnection,
    team: TeamId,
    reader: StaffId,
    now: Millis,
) -> Result<(), Error> {
    let mut people = Vec::new();
    for _ in 0..7 {
        people.push(person(&mut *tx, None, team, now).await?);
    }
    for (stage, good, different, tag) in TOLD {
        for (count, days_ago) in TIMES {
            for (place, member) in (0_i64..).zip(people.iter().take(count)) {
                let at = now - days_ago * DAY_MS - place * HOUR_MS;
                let said = says(team, stage, (good, different), MayUse::OnlyImprove);
                let mut row = row(*member, &said, at);
                row.record.state = CareState::Closed;
                row.record.closed_at = Some(rfc3339(at));
                experiences::write(&mut *tx, &row, at).await?;
                desk::tag(&mut *tx, row.id, tag).await?;
            }
        }
    }
    let ash = person(&mut *tx, Some("Ash (made up)"), team, now).await?;
    let words = (
        "I could bring my dog.",
        "The room had no window. A picture would help.",
    );
    let said = says(team, Stage::Community, words, MayUse::OnlyImprove);
    experiences::write(&mut *tx, &row(ash, &said, now - 5 * HOUR_MS), now).await?;
    let lark = person(&mut *tx, Some("Lark (made up)"), team, now).await?;
    half_way(tx, (lark, team), reader, now).await
}

async fn person(
    tx: &mut AnyConnection,
    name: Option<&str>,
    team: TeamId,
    now: Millis,
) -> Result<MemberId, Error> {
    let member = MemberRow {
        id: MemberId(Uuid::now_v7()),
        name: name.map(str::to_owned),
        team: Some(team),
    };
    members::add(tx, &member, now).await?;
    Ok(member.id)
}

fn says(team: TeamId, stage: Stage, (good, different): (&str, &str), may_use: MayUse) -> Send {
    Send {
        experience: ExperienceId(Uuid::now_v7()),
        stage: Some(stage),
        good: Some(good.to_owned()),
        different: Some(different.to_owned()),
        when_about: None,
        may_use,
        name: None,
        may_reply: true,
        reader: Reader::Team(team),
        consent: CONSENT_VERSION,
    }
}

fn row(member: MemberId, said: &Send, at: Millis) -> ExperienceRow {
    ExperienceRow {
        id: said.experience,
        member,
        reader: said.reader,
        consent: said.consent,
        seen_by: None,
        seen_at: None,
        owner: None,
        received_at: at,
        due_at: None,
        record: Experience::new(said, None, rfc3339(at)),
    }
}

/// Read, taken on and answered; something is planned, and the words of a story wait for a yes.
async fn half_way(
    tx: &mut AnyConnection,
    (member, team): (MemberId, TeamId),
    reader: StaffId,
    now: Millis,
) -> Result<(), Error> {
    let words = (
        "My worker rang the day after I came home.",
        "Nobody told me what to do at night. A card with numbers would be good.",
    );
    let at = now - 30 * HOUR_MS;
    let said = says(team, Stage::Hospital, words, MayUse::PublicUnnamed);
    let mut row = row(member, &said, at);
    row.see((reader, "Priya"), at + HOUR_MS);
    let when = rfc3339(at + 2 * HOUR_MS);
    let me = By {
        id: reader,
        name: "Priya",
        at: &when,
    };
    let reply = "Thank you. You are right about the nights. I have asked the ward.".to_owned();
    let said = row.care_for(|care| care.reply(me, Uuid::now_v7(), Some(reply)));
    let link = Link {
        state: LinkState::Planned,
        words: "A card with the night numbers, for everyone who goes home.".to_owned(),
        change: None,
        at: when.clone(),
    };
    said.and_then(|()| row.record.come_to(link))
        .map_err(|why| Error::Internal(format!("the demo: {why:?}")))?;
    experiences::write(&mut *tx, &row, now).await?;
    desk::tag(&mut *tx, row.id, "going home").await?;
    let standing = Standing::propose(member, row.record.may_use);
    let story = StoryRow {
        id: StoryId(Uuid::now_v7()),
        experience: row.id,
        standing: standing.map_err(|why| Error::Internal(format!("the demo: {why:?}")))?,
        text: Some(
            "They rang the day after I came home. At night I had nobody. Now there will be a card."
                .to_owned(),
        ),
        approved_at: None,
        name: None,
        published_at: None,
        taken_down_at: None,
    };
    stories::write(&mut *tx, &story, now).await?;
    let text = story.text.unwrap_or_default();
    stories::add_text(tx, story.id, (1, &text), (reader, now)).await
}
