//! What somebody told of their experience, as the desk takes it further.

use anyhow::{Context, Result};
use app::domain::{
    care::By,
    experience::{
        Link, LinkState, UsedIn,
        speaking_up::Independent,
        story::{Not, Standing},
    },
    id::{ExperienceId, IndependentId, StaffId, StoryId},
    time::rfc3339,
};
use serde::Deserialize;
use server::{
    clock,
    db::experiences::{
        self,
        people::{self, Named},
        stories::{self, StoryRow},
    },
};
use sqlx::{AnyConnection, query_scalar};
use uuid::Uuid;

/// One step.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Somebody of staff replies with these words, and says that this was done.
    Reply(String, String),
    /// A story with this text is proposed, and checked.
    Propose(StoryId, String),
    /// It is put where everyone reads it.
    Publish(StoryId),
    /// The words are printed in a report.
    Print(UsedIn),
    /// Somebody is named to read what is about people who work here.
    Name(String, String),
}

/// Does it.
pub async fn put(tx: &mut AnyConnection, it: Told) -> Result<()> {
    let now = clock::now_ms();
    let staff = "select id from staff where email = 'staff@demo.example'";
    let staff: String = query_scalar(staff).fetch_one(&mut *tx).await?;
    let by: StaffId = staff.parse()?;
    match it {
        Told::Name(name, role) => {
            let admin = "select id from staff where email = 'admin@demo.example'";
            let admin: String = query_scalar(admin).fetch_one(&mut *tx).await?;
            let it = Named {
                staff: admin.parse()?,
                shown: Independent {
                    id: IndependentId(Uuid::now_v7()),
                    name,
                    role,
                    reach: "01632 960 222".to_owned(),
                },
            };
            people::name(tx, &it, 1).await?;
        }
        Told::Reply(words, done) => reply(tx, (by, now), words, done).await?,
        Told::Propose(id, text) => propose(tx, (by, now), id, text).await?,
        Told::Publish(id) => {
            let mut row = stories::find(tx, id).await?.context("no story")?;
            let of = experiences::find(tx, row.experience).await?;
            let may_use = of.context("of nothing")?.record.may_use;
            let version = row.standing.version;
            done(row.standing.publish(version, may_use))?;
            row.published_at = Some(now);
            stories::write(tx, &row, now).await?;
        }
        Told::Print(kind) => {
            let id = last(tx).await?;
            experiences::use_in(tx, id, kind, (by, now)).await?;
        }
    }
    Ok(())
}

/// The experience that came last.
async fn last(tx: &mut AnyConnection) -> Result<ExperienceId> {
    let last = "select id from experiences order by received_at desc, id desc limit 1";
    let last: String = query_scalar(last).fetch_one(tx).await?;
    Ok(last.parse()?)
}

async fn reply(
    tx: &mut AnyConnection,
    (by, now): (StaffId, i64),
    words: String,
    done_words: String,
) -> Result<()> {
    let id = last(tx).await?;
    let mut row = experiences::find(tx, id).await?.context("nothing")?;
    let at = rfc3339(now);
    let me = By {
        id: by,
        name: "Priya",
        at: &at,
    };
    row.see((by, "Priya"), now);
    let say = |care: app::domain::care::Care| care.reply(me, Uuid::now_v7(), Some(words));
    row.care_for(say)
        .map_err(|why| anyhow::anyhow!("{why:?}"))?;
    let link = Link {
        state: LinkState::Made,
        words: done_words,
        change: None,
        at: at.clone(),
    };
    row.record
        .come_to(link)
        .map_err(|why| anyhow::anyhow!("{why:?}"))?;
    experiences::write(tx, &row, now).await?;
    Ok(())
}

async fn propose(
    tx: &mut AnyConnection,
    (by, now): (StaffId, i64),
    id: StoryId,
    text: String,
) -> Result<()> {
    let experience = last(tx).await?;
    let of = experiences::find(tx, experience)
        .await?
        .context("nothing")?;
    let standing = Standing::propose(of.member, of.record.may_use);
    let mut standing = standing.map_err(|why| anyhow::anyhow!("{why:?}"))?;
    done(standing.check(1))?;
    let row = StoryRow {
        id,
        experience,
        standing,
        text: Some(text.clone()),
        approved_at: None,
        name: None,
        published_at: None,
        taken_down_at: None,
    };
    stories::write(tx, &row, now).await?;
    stories::add_text(tx, id, (1, &text), (by, now)).await?;
    Ok(())
}

fn done(what: Result<(), Not>) -> Result<()> {
    what.map_err(|why| anyhow::anyhow!("{why:?}"))
}
