//! The lines that a filter leaves, as a file. That it was made is a line of the log itself, written
//! before the first byte goes.

use super::{
    filter::{Asked, Choices},
    line,
};
use crate::{
    clock, csv,
    db::{
        audit as log,
        desk::audit::{self, After, Filter, Line},
    },
    error::Error,
    http::staff::{
        desk::{Admin, Desk},
        fault::Fault,
        prove::Fresh,
        when::Clock,
    },
    state::App,
};
use app::lang::en::{audit as words, desk as desk_words};
use axum::{Form, Router, body::Body, extract::State, response::Response, routing::post};
use futures_util::stream;
use maud::{Markup, html};
use uuid::Uuid;

/// As it stands in the log.
pub const EXPORTED: &str = "audit.export";

/// How many lines are read at a time.
const PAGE: i64 = 500;

/// `/audit/export`.
pub fn router() -> Router<App> {
    Router::new().route("/audit/export", post(export))
}

/// Saves what is shown.
pub fn button(asked: &Asked) -> Markup {
    html! {
        form.stack method="post" action="/staff/audit/export" {
            @for (name, value) in asked.fields() {
                @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
            }
            button.plain aria-describedby="export-hint" { (words::EXPORT.get()) }
            p.soft id="export-hint" { (words::EXPORT_HINT.get()) }
        }
    }
}

async fn export(
    State(app): State<App>,
    Fresh(Admin(desk)): Fresh<Admin>,
    Form(asked): Form<Asked>,
) -> Result<Response, Fault> {
    let mut filter = asked.filter(&desk);
    filter.but = Some(note(&app, &desk, &asked, &filter).await?);
    let name = format!("{}-{}", words::FILE.get(), desk.clock.today());
    let rows = Rows {
        app,
        clock: desk.clock.clone(),
        reader: desk.staff.id,
        filter,
        next: Next::Head,
    };
    let body = stream::try_unfold(rows, |rows| rows.next());
    Ok(csv::answer(&name, Body::from_stream(body)))
}

/// Writes down how many lines leave, and which; gives the id of that line.
async fn note(app: &App, desk: &Desk, asked: &Asked, filter: &Filter) -> Result<String, Error> {
    let count = audit::count(&app.db.pool, filter).await?;
    let summary = Choices::load(&app.db.pool, asked).await?.summary(asked);
    let detail = words::EXPORTED.fill(&[("count", &count.to_string()), ("which", &summary)]);
    let (by, detail) = (desk.staff.id, detail.trim_end().to_owned());
    let work = app.writer.run(move |tx| {
        Box::pin(async move {
            let log = (log::KIND, Uuid::nil());
            log::add_saying(tx, clock::now_ms(), by, EXPORTED, log, detail).await
        })
    });
    work.await
}

/// What is still to be read.
struct Rows {
    app: App,
    clock: Clock,
    reader: app::domain::id::StaffId,
    filter: Filter,
    next: Next,
}

enum Next {
    Head,
    Lines(Option<After>),
    Nothing,
}

impl Rows {
    /// The next piece of the file.
    async fn next(mut self) -> Result<Option<(String, Self)>, Error> {
        let after = match self.next {
            Next::Nothing => return Ok(None),
            Next::Head => {
                self.next = Next::Lines(None);
                return Ok(Some((csv::BEGIN.to_owned() + &head(), self)));
            }
            Next::Lines(after) => after,
        };
        let db = &self.app.db.pool;
        let lines = audit::page(db, self.reader, &self.filter, after.as_ref(), PAGE).await?;
        let Some(last) = lines.last() else {
            return Ok(None);
        };
        let is_last = i64::try_from(lines.len()).is_ok_and(|count| count < PAGE);
        self.next = if is_last {
            Next::Nothing
        } else {
            Next::Lines(Some(last.key()))
        };
        let rows: String = lines.iter().map(|line| row(&self.clock, line)).collect();
        Ok(Some((rows, self)))
    }
}

fn head() -> String {
    csv::row(
        [
            words::COLUMN_LINE,
            words::COLUMN_WHEN,
            desk_words::COLUMN_WHO,
            words::COLUMN_DID,
            words::COLUMN_MORE,
            words::COLUMN_ABOUT,
            words::COLUMN_WHAT,
            desk_words::COLUMN_TEAM,
            words::COLUMN_MARK,
        ]
        .map(|column| column.get()),
    )
}

fn row(clock: &Clock, line: &Line) -> String {
    csv::row([
        line.n.map(|n| n.to_string()).unwrap_or_default(),
        clock.say_sorted(line.at),
        line::by(line).to_owned(),
        line::said(&line.action).to_owned(),
        line::detail(line).unwrap_or_default(),
        line::whom(line).unwrap_or_default().to_owned(),
        line::what(line).unwrap_or_default(),
        line.team.clone().unwrap_or_default(),
        line.hash.clone().unwrap_or_default(),
    ])
}
