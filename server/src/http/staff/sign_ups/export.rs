//! The sign-ups that a filter leaves, as a file for spreadsheets. That it was made, and whether it says what
//! would make it easier for people, is a line of the audit log, written before the first byte goes.

use super::{Filter, stands};
use crate::{
    clock, csv,
    db::{
        audit,
        desk::board::{self, After, Whole},
        reach::Reach,
        sign_ups::Thanks,
    },
    error::Error,
    http::staff::{
        desk::{Desk, Run},
        fault::Fault,
        kept::Fields,
        parts, pounds,
        prove::Fresh,
        when::{self, Clock},
    },
    state::App,
};
use app::{
    domain::record::kind,
    lang::en::{board as words, desk as desk_words},
};
use axum::{Form, Router, body::Body, extract::State, response::Response, routing::post};
use futures_util::stream;
use maud::{Markup, html};
use uuid::Uuid;

/// As it stands in the audit log.
const EXPORTED: &str = "sign_ups.export";
/// The same with what would make it easier.
const EXPORTED_NEEDS: &str = "sign_ups.export_needs";

/// How many lines are read at a time.
const PAGE: i64 = 500;

/// `/sign-ups/export`.
pub fn router() -> Router<App> {
    Router::new().route("/sign-ups/export", post(export))
}

/// Saves what is shown.
pub fn form(filter: &Filter) -> Markup {
    html! {
        form.stack.card method="post" action="/staff/sign-ups/export" {
            h2 { (words::EXPORT_TITLE.get()) }
            (filter.hidden())
            label.tick {
                input type="checkbox" name="needs" value="1" aria-describedby="needs-hint";
                (words::EXPORT_NEEDS.get())
            }
            p.soft id="needs-hint" { (words::EXPORT_NEEDS_HINT.get()) }
            button.plain aria-describedby="export-hint" { (words::EXPORT.get()) }
            p.soft id="export-hint" { (words::EXPORT_HINT.get()) }
        }
    }
}

async fn export(
    State(app): State<App>,
    Fresh(desk): Fresh<Run>,
    Form(fields): Form<Fields>,
) -> Result<Response, Fault> {
    let filter = Filter::of_fields(&fields).settled(&app, desk.reach).await?;
    let has_needs = fields.iter().any(|(name, _)| name == "needs");
    note(&app, &desk, &filter, has_needs).await?;
    let name = format!("{}-{}", words::FILE.get(), desk.clock.today());
    let rows = Rows {
        clock: desk.clock.clone(),
        reach: desk.reach,
        app,
        filter,
        has_needs,
        next: Next::Head,
    };
    let body = stream::try_unfold(rows, |rows| rows.next());
    Ok(csv::answer(&name, Body::from_stream(body)))
}

async fn note(app: &App, desk: &Desk, filter: &Filter, has_needs: bool) -> Result<(), Error> {
    let subject = match (filter.session, filter.opportunity) {
        (Some(session), _) => (kind::SESSION, session.0),
        (None, Some(opportunity)) => (kind::OPPORTUNITY, opportunity.0),
        (None, None) => (kind::SESSION, Uuid::nil()),
    };
    let action = if has_needs { EXPORTED_NEEDS } else { EXPORTED };
    let by = desk.staff.id;
    let work = app.writer.run(move |tx| {
        Box::pin(async move { audit::add(tx, clock::now_ms(), by, action, subject, None).await })
    });
    work.await
}

/// What is still to be read.
struct Rows {
    app: App,
    clock: Clock,
    reach: Reach,
    filter: Filter,
    has_needs: bool,
    next: Next,
}

enum Next {
    Head,
    Lines(After),
    Nothing,
}

impl Rows {
    /// The next piece of the file.
    async fn next(mut self) -> Result<Option<(String, Self)>, Error> {
        let after = match self.next {
            Next::Nothing => return Ok(None),
            Next::Head => {
                self.next = Next::Lines(After::default());
                return Ok(Some((csv::BEGIN.to_owned() + &self.head(), self)));
            }
            Next::Lines(after) => after,
        };
        let (db, filter) = (&self.app.db.pool, &self.filter);
        let lines = board::wholes(db, filter.show, filter.narrow(self.reach), &after, PAGE).await?;
        let Some(last) = lines.last() else {
            return Ok(None);
        };
        let is_last = i64::try_from(lines.len()).is_ok_and(|count| count < PAGE);
        self.next = if is_last {
            Next::Nothing
        } else {
            Next::Lines(After::line(&last.line))
        };
        let rows: String = lines.iter().map(|line| self.row(line)).collect();
        Ok(Some((rows, self)))
    }

    fn head(&self) -> String {
        let columns = [
            desk_words::COLUMN_WHO,
            desk_words::COLUMN_FOR,
            desk_words::SESSION,
            words::COLUMN_STANDS,
            desk_words::COLUMN_SENT,
            words::COLUMN_TRAVEL,
            words::TRAVEL_PAID,
            words::PAYMENT_PAID,
        ];
        let needs = self.has_needs.then_some(desk_words::ACCESS);
        csv::row(columns.into_iter().chain(needs).map(|column| column.get()))
    }

    fn row(&self, whole: &Whole) -> String {
        let line = &whole.line;
        let Thanks {
            travel, payment, ..
        } = whole.thanks;
        let amount = |pence: Option<i64>| pence.map(pounds::plain).unwrap_or_default();
        let travel_first = if whole.travel_first {
            words::YES.get()
        } else {
            ""
        };
        let cells = [
            parts::who(line.who.as_deref()).to_owned(),
            line.title.clone(),
            line.local_start
                .as_deref()
                .map(when::say_civil)
                .unwrap_or_default(),
            stands(line.state).trim_start_matches("✓ ").to_owned(),
            self.clock.say_in_full(line.received_at),
            travel_first.to_owned(),
            amount(travel),
            amount(payment),
        ];
        let needs = self
            .has_needs
            .then(|| whole.needs.clone().unwrap_or_default());
        csv::row(cells.into_iter().chain(needs))
    }
}
