//! How long things are kept, for admins. Each change is in the audit log.

use super::{
    desk::{Admin, Desk, Way},
    fault::Fault,
};
use crate::{
    clock,
    db::{audit, retention as db},
    retention,
    state::App,
};
use app::{
    domain::retention::{LEAST_AUDIT_DAYS, LEAST_DAYS, MOST_DAYS, Retention},
    lang::{Text, en::retention as words},
};
use axum::{
    Form, Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/retention`.
pub fn router() -> Router<App> {
    Router::new().route("/retention", get(show).post(change))
}

#[derive(Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// As typed: what is no number is said, not guessed.
#[derive(Clone, Deserialize)]
struct Typed {
    check_in: String,
    sign_up: String,
    group_message: String,
    suggestion: String,
    experience: String,
    audit: String,
}

impl Typed {
    fn of(it: &Retention) -> Self {
        Self {
            check_in: it.check_in_days.to_string(),
            sign_up: it.sign_up_days.to_string(),
            group_message: it.group_message_days.to_string(),
            suggestion: it.suggestion_days.to_string(),
            experience: it.experience_days.to_string(),
            audit: it.audit_days.to_string(),
        }
    }

    fn read(&self) -> Option<Retention> {
        let days = |text: &str| text.trim().parse().ok();
        let it = Retention {
            check_in_days: days(&self.check_in)?,
            sign_up_days: days(&self.sign_up)?,
            group_message_days: days(&self.group_message)?,
            suggestion_days: days(&self.suggestion)?,
            experience_days: days(&self.experience)?,
            audit_days: days(&self.audit)?,
        };
        it.is_allowed().then_some(it)
    }
}

async fn show(
    State(app): State<App>,
    Admin(desk): Admin,
    Query(Asked { done }): Query<Asked>,
) -> Result<Response, Fault> {
    let kept = db::read(&mut *app.db.reader().await?).await?;
    page(&desk, &Typed::of(&kept), done.map(|_| words::DONE), None).await
}

async fn change(
    State(app): State<App>,
    Admin(desk): Admin,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let Some(kept) = typed.read() else {
        return page(&desk, &typed, None, Some(words::PROBLEM)).await;
    };
    let by = desk.staff.id;
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                db::write(tx, &kept).await?;
                let thing = ("retention", Uuid::nil());
                audit::add(tx, clock::now_ms(), by, "retention.change", thing, None).await?;
                retention::publish(tx, &kept).await
            })
        })
        .await?;
    Ok(Redirect::to("/staff/retention?done=yes").into_response())
}

async fn page(
    desk: &Desk,
    typed: &Typed,
    done: Option<Text>,
    problem: Option<Text>,
) -> Result<Response, Fault> {
    let title = words::TITLE.get();
    let main = html! {
        h1 { (title) }
        p.soft { (words::UNDER.get()) }
        @if let Some(done) = done {
            p.card role="status" { (done.get()) }
        }
        @if let Some(problem) = problem {
            p.problem role="alert" { (problem.get()) }
        }
        form.stack.card method="post" action="/staff/retention" {
            (field("check_in", words::CHECK_IN, words::CHECK_IN_UNDER, &typed.check_in, LEAST_DAYS))
            (field("sign_up", words::SIGN_UP, words::SIGN_UP_UNDER, &typed.sign_up, LEAST_DAYS))
            (field("group_message", words::GROUP_MESSAGE, words::GROUP_MESSAGE_UNDER, &typed.group_message, LEAST_DAYS))
            (field("suggestion", words::SUGGESTION, words::SUGGESTION_UNDER, &typed.suggestion, LEAST_DAYS))
            (field("experience", words::EXPERIENCE, words::EXPERIENCE_UNDER, &typed.experience, LEAST_DAYS))
            (field("audit", words::AUDIT, words::AUDIT_UNDER, &typed.audit, LEAST_AUDIT_DAYS))
            button { (words::CHANGE.get()) }
        }
        p.soft { (words::ALSO.get()) }
    };
    Ok(desk.page(Way::Retention, title, false, &main).await?)
}

fn field(name: &str, label: Text, under: Text, value: &str, least: u32) -> Markup {
    let hint = format!("{name}-hint");
    html! {
        div.field {
            label for=(name) { (label.get()) }
            p.soft id=(hint) { (under.get()) }
            input id=(name) name=(name) type="number" inputmode="numeric" required min=(least) max=(MOST_DAYS) aria-describedby=(hint) value=(value);
        }
    }
}
