//! Sessions at the desk: new ones (one, or all that a repeat makes), other details, another time, calling off. Who
//! signed up is told, and what they will read is seen first.

mod cancel;
mod change;
mod fields;
mod new;
mod shift;

use super::{
    fault::Fault,
    opportunity::{self, Whole},
};
use crate::{
    db::{
        desk::opportunities::signed_up,
        reach::Reach,
        sessions::{self, SessionRow},
    },
    error::Error,
    state::App,
    wall_clock::NoTime,
};
use app::{
    domain::{id::SessionId, opportunity::SessionState, programme},
    lang::{Text, en::programme as words},
    ui::when,
};
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};

/// `/sessions/{id}`, what is below it, and new ones below `/opportunities/{id}`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/opportunities/{id}/sessions", post(new::add))
        .route("/opportunities/{id}/sessions/new", get(new::ask))
        .route("/sessions/{id}", get(change::open).post(change::keep))
        .route("/sessions/{id}/move", get(shift::ask).post(shift::take))
        .route("/sessions/{id}/cancel", get(cancel::ask).post(cancel::take))
}

/// What session pages answer.
type Page = Result<Response, Fault>;

/// A session with its opportunity.
struct Held {
    row: SessionRow,
    of: Whole,
    /// Those after it that the same repeat made and that are to come, itself among them.
    following: Vec<SessionRow>,
}

impl Held {
    /// Its address.
    fn path(&self) -> String {
        format!("/staff/sessions/{}", self.row.id)
    }

    /// When it is, in words.
    fn when(&self) -> String {
        when::session_time(&self.row.record)
    }

    /// Whether it can still be changed.
    fn is_to_come(&self) -> bool {
        self.row.record.state == SessionState::Scheduled
            && programme::may_edit(self.of.record.state)
    }

    /// How many come after it of the same repeat.
    fn later(&self) -> usize {
        self.following.len().saturating_sub(1)
    }

    /// The ones that are meant: this one, or all later ones too.
    fn meant(&self, all: bool) -> Vec<&SessionRow> {
        if all && self.later() > 0 {
            self.following.iter().collect()
        } else {
            vec![&self.row]
        }
    }
}

/// A session by the id in its address, if whoever asks reaches it.
async fn load(app: &App, reach: Reach, id: &str) -> Result<Held, Error> {
    let id: SessionId = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = app.db.reader().await?;
    let row = sessions::find(&mut reader, id).await?;
    let following = match (&row.series, &row.record.starts_at) {
        (Some(series), Some(from)) => sessions::following(&mut reader, series, from).await?,
        _ => Vec::new(),
    };
    drop(reader);
    let of = opportunity::load(app, reach, &row.record.opportunity.to_string()).await?;
    Ok(Held { row, of, following })
}

/// How many people these sessions would tell.
async fn told(app: &App, rows: &[&SessionRow]) -> Result<i64, Error> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
    Ok(signed_up(&app.db.pool, &ids).await?)
}

/// Who gets the words.
fn tells(count: i64) -> String {
    match count {
        0 => words::TELLS_NONE.get().to_owned(),
        1 => words::TELLS_ONE.get().to_owned(),
        many => words::TELLS_MANY.fill(&[("count", &many.to_string())]),
    }
}

/// What is wrong with a time, in words.
fn no_time(problem: NoTime) -> String {
    let of_day = |text: Text, day: jiff::civil::Date| {
        text.fill(&[("day", &super::when::say_date(&day.to_string()))])
    };
    match problem {
        NoTime::Day => words::PROBLEM_DAY.get().to_owned(),
        NoTime::Time => words::PROBLEM_TIME.get().to_owned(),
        NoTime::Zone => words::PROBLEM_ZONE.get().to_owned(),
        NoTime::Skipped(day) => of_day(words::PROBLEM_SKIPPED, day),
        NoTime::Twice(day) => of_day(words::PROBLEM_TWICE, day),
    }
}
