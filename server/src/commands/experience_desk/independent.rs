//! What is about somebody who works here. One independent person reads it and nobody else; they say whom it is about,
//! who never reads it then, and may give it to another independent person, but never to one whom it is about.

use super::{By, ExperienceDone};
use crate::{
    db::{
        experiences::{self, ExperienceRow, desk, people},
        staff,
    },
    error::Error,
};
use app::domain::{
    care::By as CareBy,
    experience::Reader,
    id::{IndependentId, StaffId},
    time::rfc3339,
};
use sqlx::AnyConnection;

/// It is about this colleague. Whoever reads it says of themselves only while they give it away.
pub(super) async fn about(
    tx: &mut AnyConnection,
    by: By,
    row: &ExperienceRow,
    colleague: StaffId,
) -> Result<ExperienceDone, Error> {
    if row.reader.independent().is_none() {
        return Err(Error::NotFound);
    }
    let works_here = staff::find(&mut *tx, colleague).await?.is_some();
    if !works_here || colleague == by.0 {
        return Ok(ExperienceDone::NotThat);
    }
    desk::is_about(tx, row.id, colleague, by).await?;
    Ok(ExperienceDone::Done)
}

/// Another one reads it from now on, and looks into it; its member reads who that is.
pub(super) async fn hand_on(
    tx: &mut AnyConnection,
    by: By,
    row: &mut ExperienceRow,
    (to, about_me): (IndependentId, bool),
) -> Result<ExperienceDone, Error> {
    if row.reader.independent().is_none() {
        return Err(Error::NotFound);
    }
    let named = people::named(&mut *tx).await?.into_iter();
    let Some(gets) = named.into_iter().find(|one| one.shown.id == to) else {
        return Ok(ExperienceDone::NotThat);
    };
    let about = desk::about(&mut *tx, row.id).await?;
    if gets.staff == by.0 || about.iter().any(|(staff, _)| *staff == gets.staff) {
        return Ok(ExperienceDone::NotThat);
    }
    if about_me {
        desk::is_about(&mut *tx, row.id, by.0, by).await?;
    }
    let at = rfc3339(by.1);
    let they = CareBy {
        id: gets.staff,
        name: &gets.shown.name,
        at: &at,
    };
    // What is closed stays so: it is given all the same.
    let _ = row.care_for(|care| care.hand_over(they));
    row.reader = Reader::Independent(to);
    row.record.independent = Some(to);
    row.record.reader = Some(gets.shown.name.clone());
    desk::hand_on(&mut *tx, row.id, to).await?;
    experiences::write(tx, row, by.1).await?;
    Ok(ExperienceDone::Done)
}
