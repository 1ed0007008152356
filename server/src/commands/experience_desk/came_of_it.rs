//! What an experience came to: in words for whoever shared it, and with the changes that it had a part in. Once such a
//! change is out they are told, and led to it; once it is taken down they are led there no more.

use super::{By, ExperienceDone};
use crate::{
    commands::changes::{self, Start},
    db::{
        changes as stored,
        experiences::{self, ExperienceRow, desk},
    },
    error::Error,
};
use app::domain::{
    change::{ChangeKind, ChangePlan, ChangeState, SourceKind},
    experience::{Experience, Link, LinkState},
    id::{ChangeId, ExperienceId, StaffId},
    opportunity::Area,
    time::{Millis, rfc3339},
};
use sqlx::AnyConnection;

/// Says what it came to.
pub(super) async fn come_to(
    tx: &mut AnyConnection,
    now: Millis,
    row: &mut ExperienceRow,
    (state, words): (LinkState, String),
) -> Result<ExperienceDone, Error> {
    let link = Link {
        state,
        words,
        change: out(&mut *tx, row.id).await?.map(|(id, ..)| id),
        at: rfc3339(now),
    };
    if let Err(not) = row.record.come_to(link) {
        return Ok(ExperienceDone::Not(not));
    }
    experiences::write(tx, row, now).await?;
    Ok(ExperienceDone::Done)
}

/// Begins a change of it. The draft is read by others than those who read this: what its member wrote stands in it only
/// where they said that it may be told in public, and that it came from here only where a team reads it.
pub(super) async fn begin(
    tx: &mut AnyConnection,
    by: By,
    row: &ExperienceRow,
    change: ChangeId,
) -> Result<ExperienceDone, Error> {
    let start = Start {
        plan: plan(&row.record),
        source: row
            .reader
            .team()
            .map(|_| (SourceKind::Experience, row.id.0)),
    };
    changes::start_as(&mut *tx, (Some(by.0), by.1), change, &start).await?;
    desk::link(tx, row.id, change, by).await?;
    Ok(ExperienceDone::Done)
}

fn plan(record: &Experience) -> ChangePlan {
    let is_public = record.team.is_some() && record.may_use.is_some_and(|it| it.is_public());
    let said = record.different.clone().or(record.good.clone());
    let link = record.link.as_ref();
    let kind = match link.map(|link| link.state) {
        Some(LinkState::NotPossible) => ChangeKind::NotYet,
        _ => ChangeKind::Done,
    };
    ChangePlan {
        kind,
        you_said: said.filter(|_| is_public).unwrap_or_default(),
        ..ChangePlan::new(Area::Other, None)
    }
}

/// It had a part in a change that is there.
pub(super) async fn link(
    tx: &mut AnyConnection,
    by: By,
    row: &ExperienceRow,
    change: ChangeId,
) -> Result<ExperienceDone, Error> {
    match stored::find(&mut *tx, change).await {
        Ok(found) if found.state.may_edit() || found.state == ChangeState::Published => {}
        Ok(_) | Err(Error::NotFound) => return Ok(ExperienceDone::NotThat),
        Err(problem) => return Err(problem),
    }
    desk::link(&mut *tx, row.id, change, by).await?;
    follow(tx, row.id, by.1).await?;
    Ok(ExperienceDone::Done)
}

/// It had no part in it.
pub(super) async fn unlink(
    tx: &mut AnyConnection,
    now: Millis,
    row: &ExperienceRow,
    change: ChangeId,
) -> Result<ExperienceDone, Error> {
    desk::unlink(&mut *tx, row.id, change).await?;
    follow(tx, row.id, now).await?;
    Ok(ExperienceDone::Done)
}

/// The change came out, in the place of another one perhaps: whoever had a part in it is told.
///
/// # Errors
/// What the database says.
pub async fn published(
    tx: &mut AnyConnection,
    (by, now): (StaffId, Millis),
    change: ChangeId,
    replaces: Option<ChangeId>,
) -> Result<(), Error> {
    if let Some(old) = replaces {
        for id in desk::of_change(&mut *tx, old).await? {
            desk::link(&mut *tx, id, change, (by, now)).await?;
        }
    }
    moved(tx, change, now).await
}

/// How far the change has come is another now.
///
/// # Errors
/// What the database says.
pub async fn moved(tx: &mut AnyConnection, change: ChangeId, now: Millis) -> Result<(), Error> {
    for id in desk::of_change(&mut *tx, change).await? {
        follow(&mut *tx, id, now).await?;
    }
    Ok(())
}

/// The newest of its changes that everyone reads: what came of it, and in which words.
async fn out(
    tx: &mut AnyConnection,
    id: ExperienceId,
) -> Result<Option<(ChangeId, LinkState, String)>, Error> {
    let linked = desk::changes(&mut *tx, id).await?;
    let Some(last) = linked
        .iter()
        .rfind(|one| one.state == ChangeState::Published)
    else {
        return Ok(None);
    };
    let plan = stored::find(tx, last.id).await?.plan;
    Ok(Some(match plan.kind {
        ChangeKind::Done => (last.id, LinkState::Made, plan.we_did),
        ChangeKind::NotYet => (last.id, LinkState::NotPossible, plan.why),
    }))
}

/// Its record leads to the change that everyone reads. What was planned came about with it, or could not; what staff said
/// of it otherwise stays as they said it.
async fn follow(tx: &mut AnyConnection, id: ExperienceId, now: Millis) -> Result<(), Error> {
    let found = experiences::find(&mut *tx, id).await?;
    let Some(mut row) = found.filter(|row| row.record.stands()) else {
        return Ok(());
    };
    let out = out(&mut *tx, id).await?;
    let was = row.record.link.take();
    row.record.link = match (was.clone(), out) {
        (Some(link), Some((change, ..))) if link.state != LinkState::Planned => Some(Link {
            change: Some(change),
            ..link
        }),
        (_, Some((change, state, words))) => Some(Link {
            state,
            words,
            change: Some(change),
            at: rfc3339(now),
        }),
        (link, None) => link.map(|link| Link {
            change: None,
            ..link
        }),
    };
    if row.record.link != was {
        experiences::write(tx, &row, now).await?;
    }
    Ok(())
}
