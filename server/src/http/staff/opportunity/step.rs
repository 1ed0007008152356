//! Steps that need no words: showing, pausing, ending, putting away, and throwing away what was not shown. What cannot
//! be taken back is asked first.

use super::{Page, Whole, back_to, edit, held_up, load, show_problem};
use crate::{
    commands::programme::{ProgrammeAction, ProgrammeDone},
    error::Error,
    http::staff::desk::{Desk, Run, Way},
    state::App,
};
use app::{
    domain::{
        id::OpportunityId,
        opportunity::OpportunityState,
        programme::{Not, Step},
    },
    lang::{Text, en::programme as words},
};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use maud::html;
use serde::Deserialize;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    step: String,
}

impl Asked {
    /// A step that is taken without words.
    fn read(&self) -> Result<Step, Error> {
        match Step::of_word(&self.step) {
            Some(Step::ReportBack | Step::Cancel) | None => Err(Error::Malformed),
            Some(step) => Ok(step),
        }
    }
}

/// Asks before it is over.
pub(super) async fn sure(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    if Step::of_word(&asked.step) != Some(Step::Close) {
        return Ok(Redirect::to(&whole.path()).into_response());
    }
    let ask = Ask {
        title: words::SURE_CLOSE,
        why: words::SURE_CLOSE_WHY,
        yes: words::SURE_CLOSE_DO,
        to: "step",
        value: Step::Close.word(),
    };
    ask.page(&desk, &whole).await
}

/// Asks before something is thrown away.
pub(super) async fn sure_to_forget(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    let is_draft = whole.record.state == OpportunityState::Draft;
    let [title, why, yes] = if is_draft {
        [
            words::SURE_THROW,
            words::SURE_THROW_WHY,
            words::SURE_THROW_DO,
        ]
    } else {
        [
            words::SURE_FORGET,
            words::SURE_FORGET_WHY,
            words::SURE_FORGET_DO,
        ]
    };
    let ask = Ask {
        title,
        why,
        yes,
        to: "forget",
        value: "",
    };
    ask.page(&desk, &whole).await
}

/// A question with a yes and a no.
struct Ask {
    title: Text,
    why: Text,
    yes: Text,
    to: &'static str,
    value: &'static str,
}

impl Ask {
    async fn page(&self, desk: &Desk, whole: &Whole) -> Page {
        let path = whole.path();
        let title = self.title.get();
        let main = html! {
            h1 { (title) }
            p.soft { (whole.title()) }
            p { (self.why.get()) }
            div.actions {
                form method="post" action={ (path) "/" (self.to) } {
                    button name="step" value=(self.value) { (self.yes.get()) }
                }
                a.button.plain href=(path) { (words::SURE_NOT.get()) }
            }
        };
        Ok(desk.page(Way::Opportunities, title, false, &main).await?)
    }
}

pub(super) async fn take(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(asked): Form<Asked>,
) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    go(&app, &desk, whole.id, asked.read()?).await
}

/// Takes a step, and says what came of it.
pub(super) async fn go(app: &App, desk: &Desk, id: OpportunityId, step: Step) -> Page {
    let action = ProgrammeAction::Take(id, step, None);
    let done = app.writer.programme(desk.staff.id, action).await?;
    let Some(problem) = held_up(&done) else {
        return Ok(back_to(id, step.word()));
    };
    let whole = load(app, desk.reach, &id.to_string()).await?;
    match &done {
        // Each part is asked for beside its field.
        ProgrammeDone::Not(Not::Missing(missing)) => {
            edit::with_missing(desk, &whole, missing).await
        }
        _ => show_problem(desk, &whole, &problem).await,
    }
}

pub(super) async fn forget(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    app.writer
        .programme(desk.staff.id, ProgrammeAction::Forget(whole.id))
        .await?;
    Ok(match whole.record.state {
        OpportunityState::Draft => {
            Redirect::to("/staff/opportunities?show=draft&done=thrown").into_response()
        }
        _ => back_to(whole.id, "forget"),
    })
}
