//! What rendered pages read: the public records, in the form that phones have them.

use app::{
    domain::{
        change::Change, help_line::HelpLine, record::kind, retention::KeptFor, wording::Wording,
    },
    ui::{
        local::{PageData, Rest},
        route::Route,
    },
};
use serde::de::DeserializeOwned;
use sqlx::{AnyPool, Row as _};
use uuid::Uuid;

/// The public records as the screen of a route needs them: a first visit to Today weighs no group.
///
/// # Errors
/// What the database says.
pub async fn public(db: &AnyPool, route: &Route) -> Result<PageData, sqlx::Error> {
    let rows = sqlx::query(
        "select kind, id, body from feed where scope = 'public' and deleted = 0 and (kind in \
         ('opportunity', 'session', 'group', 'retention', 'wording', 'help_line') \
         or kind = 'change' and $1 = 1 or kind = 'document' and $2 = 1) order by kind, id",
    )
    .bind(i64::from(names_changes(route)))
    .bind(i64::from(names_documents(route)))
    .fetch_all(db)
    .await?;
    let mut data = PageData::default();
    let mut lines: Vec<HelpLine> = Vec::new();
    let mut rest = Rest::default();
    for row in rows {
        let (id, body): (String, String) = (row.try_get("id")?, row.try_get("body")?);
        match row.try_get::<String, _>("kind")?.as_str() {
            kind::OPPORTUNITY => data.opportunities.push((uuid(&id)?, record(&body)?)),
            kind::SESSION => data.sessions.push((uuid(&id)?, record(&body)?)),
            kind::GROUP if names_groups(route) => rest.groups.push((uuid(&id)?, record(&body)?)),
            kind::CHANGE if names_changes(route) => rest.changes.push((uuid(&id)?, record(&body)?)),
            kind::WORDING => data.wording = Some(record::<Wording>(&body)?.lines()),
            kind::DOCUMENT => rest.documents.push((uuid(&id)?, record(&body)?)),
            kind::RETENTION => data.kept_for = record::<KeptFor>(&body)?.lines,
            kind::HELP_LINE => lines.push(record(&body)?),
            // A kind that this version does not draw.
            _ => {}
        }
    }
    lines.sort_by_key(|line| line.order);
    data.help_lines = lines;
    only_its_own(route, &mut rest.changes);
    data.rest = rest.raw();
    Ok(data)
}

fn names_groups(route: &Route) -> bool {
    matches!(
        route,
        Route::TakePart
            | Route::Opportunity(_)
            | Route::Group(_)
            | Route::InGroup(_)
            | Route::Change(_)
    )
}

fn names_changes(route: &Route) -> bool {
    matches!(route, Route::WhatChanged | Route::Change(_))
}

/// The page of one change weighs no other but those before and after it.
fn only_its_own(route: &Route, changes: &mut Vec<(Uuid, Change)>) {
    if let Route::Change(one) = route {
        changes.retain(|(id, it)| {
            let linked = [it.replaces, it.replaced_by];
            *id == one.0 || linked.contains(&Some(*one))
        });
    }
}

fn names_documents(route: &Route) -> bool {
    matches!(route, Route::OurWords | Route::Words(_))
}

fn uuid(text: &str) -> Result<Uuid, sqlx::Error> {
    text.parse()
        .map_err(|problem| sqlx::Error::Decode(Box::new(problem)))
}

fn record<T: DeserializeOwned>(json: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(json).map_err(|problem| sqlx::Error::Decode(Box::new(problem)))
}
