//! What rendered pages read: the public records, in the form that phones have them.

use app::{
    domain::{
        group::Group, help_line::HelpLine, opportunity::Raw, record::kind, retention::KeptFor,
        wording::Wording, words::Document,
    },
    ui::{local::PageData, route::Route},
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
         or kind = 'document' and $1 = 1) order by kind, id",
    )
    .bind(i64::from(names_documents(route)))
    .fetch_all(db)
    .await?;
    let mut data = PageData::default();
    let mut lines: Vec<HelpLine> = Vec::new();
    let mut groups: Vec<(Uuid, Group)> = Vec::new();
    let mut documents: Vec<(Uuid, Document)> = Vec::new();
    for row in rows {
        let (id, body): (String, String) = (row.try_get("id")?, row.try_get("body")?);
        match row.try_get::<String, _>("kind")?.as_str() {
            kind::OPPORTUNITY => data.opportunities.push((uuid(&id)?, record(&body)?)),
            kind::SESSION => data.sessions.push((uuid(&id)?, record(&body)?)),
            kind::GROUP if names_groups(route) => groups.push((uuid(&id)?, record(&body)?)),
            kind::WORDING => data.wording = Some(record::<Wording>(&body)?.lines()),
            kind::DOCUMENT => documents.push((uuid(&id)?, record(&body)?)),
            kind::RETENTION => data.kept_for = record::<KeptFor>(&body)?.lines,
            kind::HELP_LINE => lines.push(record(&body)?),
            // A kind that this version does not draw.
            _ => {}
        }
    }
    lines.sort_by_key(|line| line.order);
    data.help_lines = lines;
    data.beside = match (groups.is_empty(), documents.is_empty()) {
        (false, _) => Raw::of(&groups),
        (true, false) => Raw::of(&documents),
        (true, true) => None,
    };
    Ok(data)
}

fn names_groups(route: &Route) -> bool {
    matches!(
        route,
        Route::TakePart | Route::Opportunity(_) | Route::Group(_) | Route::InGroup(_)
    )
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
