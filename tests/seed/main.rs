//! Puts things into the data of a running server, as the desk would: for browser journeys that are about phones.
//! `seed DATA-FOLDER JSON` makes the group of [`Said`], or changes it; or does what [`Told`] says with the experience
//! that came last.

#![allow(
    clippy::disallowed_methods,
    reason = "a tool for journeys: the clock and the arguments are the machine's"
)]

mod told;

use anyhow::{Context, Result};
use app::domain::{
    group::Group,
    id::{GroupId, MemberId, OpportunityId, StaffId},
    opportunity::Raw,
};
use serde::Deserialize;
use server::{
    clock,
    db::{
        backup,
        groups::{
            self, leads,
            messages::{self, Writer},
            people,
        },
        opportunities,
    },
    publish,
};
use sqlx::{AnyConnection, Connection, query_scalar};
use std::{env, path::Path};
use told::Told;
use uuid::Uuid;

/// What a journey asks for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Asked {
    Told(Told),
    Group(Box<Said>),
}

/// What a journey says of a group.
#[derive(Deserialize)]
struct Said {
    id: GroupId,
    group: Group,
    /// The name of an opportunity that belongs to it.
    opportunity: Option<String>,
    /// Members of it who lead it.
    #[serde(default)]
    leads: Vec<MemberId>,
    /// Members who may only read for now, and why; with no reason they may write again.
    #[serde(default)]
    paused: Vec<(MemberId, Option<String>)>,
    /// What somebody has written there.
    #[serde(default)]
    wrote: Vec<(MemberId, String)>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut said = env::args().skip(1);
    let folder = said.next().context("the data folder")?;
    let said: Asked = serde_json::from_str(&said.next().context("what of the group")?)?;
    let mut connection = backup::open(&Path::new(&folder).join("chorus.db")).await?;
    let mut transaction = connection.begin_with("begin immediate").await?;
    match said {
        Asked::Told(it) => told::put(&mut transaction, it).await?,
        Asked::Group(it) => put(&mut transaction, *it).await?,
    }
    transaction.commit().await?;
    Ok(())
}

async fn put(tx: &mut AnyConnection, said: Said) -> Result<()> {
    let Said { id, group, .. } = said;
    let now = clock::now_ms();
    let staff = "select id from staff where email = 'staff@demo.example'";
    let staff: String = query_scalar(staff).fetch_one(&mut *tx).await?;
    let by: StaffId = staff.parse()?;
    if groups::find(tx, id).await?.is_none() {
        groups::add(tx, id, &group, by, now).await?;
        groups::set_backup(tx, id, Some(by)).await?;
    }
    groups::note_agreement(tx, id, &group.agreement, (by, now)).await?;
    groups::write(tx, id, &group).await?;
    groups::publish(tx, id).await?;
    if let Some(title) = said.opportunity {
        belongs(tx, &title, id, by).await?;
    }
    for member in said.leads {
        let row = people::of_member(tx, id, member).await?;
        leads::set(tx, &row.context("nobody")?, true, Some((by, now))).await?;
    }
    for (member, why) in said.paused {
        let row = people::of_member(tx, id, member).await?;
        people::pause(tx, &row.context("nobody")?, why.as_deref(), now).await?;
    }
    for (nth, (member, words)) in (0..).zip(said.wrote) {
        let row = people::of_member(tx, id, member).await?;
        let writer = Writer::Person(row.context("nobody")?.id);
        messages::add(tx, Uuid::now_v7(), id, writer, &words, now + nth).await?;
    }
    Ok(())
}

async fn belongs(tx: &mut AnyConnection, title: &str, id: GroupId, by: StaffId) -> Result<()> {
    let found = query_scalar("select id from opportunities where title = $1");
    let found: String = found.bind(title.to_owned()).fetch_one(&mut *tx).await?;
    let opportunity: OpportunityId = found.parse()?;
    let mut record = opportunities::find(tx, opportunity).await?.record;
    let mut more = record.more().unwrap_or_default();
    more.group = Some(id);
    record.more = Raw::of(&more);
    opportunities::write(tx, opportunity, &record).await?;
    leads::follow(tx, opportunity, Some(id), (by, clock::now_ms())).await?;
    publish::opportunity_again(tx, opportunity, &record).await?;
    Ok(())
}
