//! Writing an opportunity. It is kept beside what members see: by a press, and with script every few seconds and when
//! the page is left. Two who write at once are told, and nobody's words go silently.

use super::{
    Page, Whole, back_to,
    fields::{Fields, GROUP, Typed, marks},
    load, step,
};
use crate::{
    commands::programme::{Keeping, ProgrammeAction, ProgrammeDone},
    db::reach::Reach,
    error::Error,
    http::staff::{
        desk::{Desk, Run, Way},
        fault::Fault,
        parts,
    },
    state::App,
};
use app::{
    domain::{
        opportunity::OpportunityState,
        plan::{Part, Plan},
        programme::{self, Step},
    },
    lang::{Text, en::programme as words},
};
use axum::{
    Form, Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// The page of the form.
struct Writing<'a> {
    whole: &'a Whole,
    fields: Fields<'a>,
    editor: String,
    seen: String,
    above: Markup,
}

impl Writing<'_> {
    async fn draw(&self, desk: &Desk) -> Page {
        let whole = self.whole;
        let path = whole.path();
        let title = words::WRITE_TITLE.fill(&[("title", &whole.title())]);
        let differs = self.fields.theirs.is_some();
        let keep = if differs {
            words::CHANGED_MINE
        } else {
            words::KEEP
        };
        let show = match whole.record.state {
            OpportunityState::Draft => words::PUBLISH,
            _ => words::EDIT_SHOW,
        };
        let main = html! {
            p.back { a href=(path) { (words::SESSION_BACK.fill(&[("title", &whole.title())])) } }
            h1 { (title) }
            p.soft { (words::WRITE_WHY.get()) }
            (self.above)
            form.stack.whole id="write" method="post" action={ (path) "/edit" } autocomplete="off"
                data-autosave={ (path) "/autosave" } {
                input type="hidden" name="version" value=(whole.version);
                input type="hidden" name="editor" value=(self.editor);
                input type="hidden" name="seen" value=(self.seen);
                (self.fields.draw())
                p.soft id="kept" role="status" data-kept=(words::AUTO_KEPT.get())
                    data-not=(words::AUTO_NOT.get()) data-changed=(words::AUTO_CHANGED.get()) {}
                div.actions {
                    button name="step" value="keep" { (keep.get()) }
                    button.plain name="step" value="preview" { (words::KEEP_AND_SEE.get()) }
                    @if !differs { button.plain name="step" value="publish" { (show.get()) } }
                    @if differs { a.button.plain href={ (path) "/edit" } { (words::CHANGED_LEAVE.get()) } }
                }
            }
        };
        Ok(desk.page(Way::Opportunities, &title, false, &main).await?)
    }
}

fn new_editor() -> String {
    Uuid::now_v7().to_string()
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    if !programme::may_edit(whole.record.state) {
        return Ok(Redirect::to(&whole.path()).into_response());
    }
    let plan = whole.plan();
    let started = asked.done == "started";
    let page = Writing {
        whole: &whole,
        fields: Fields {
            plan: &plan,
            groups: (&whole.groups, desk.reach),
            theirs: None,
            missing: &[],
            misfits: &[],
        },
        editor: new_editor(),
        seen: marks(&whole.plan()),
        above: html! {
            @if started { p.notice role="status" { (words::DONE_STARTED.get()) } }
        },
    };
    page.draw(&desk).await
}

/// The form with each missing part asked for where it belongs.
pub(super) async fn with_missing(desk: &Desk, whole: &Whole, missing: &[Part]) -> Page {
    let plan = whole.plan();
    let page = Writing {
        whole,
        fields: Fields {
            plan: &plan,
            groups: (&whole.groups, desk.reach),
            theirs: None,
            missing,
            misfits: &[],
        },
        editor: new_editor(),
        seen: marks(&whole.plan()),
        above: html! { p.problem role="alert" { (words::NOT_MISSING.get()) } },
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page.draw(desk).await?).into_response())
}

fn keeping(typed: &Typed, plan: &Plan) -> Keeping {
    Keeping {
        plan: Box::new(plan.clone()),
        version: typed.version,
        editor: typed.editor.clone(),
    }
}

pub(super) async fn keep(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed::read(&fields);
    let plan = typed.plan.clone();
    let whole = match load(&app, desk.reach, &id).await {
        Err(Error::NotFound) => return gone(&desk, &plan).await,
        found => found?,
    };
    let misfits = plan.misfits();
    if !misfits.is_empty() {
        return not_kept(&desk, &whole, &typed, &plan, &misfits).await;
    }
    let action = ProgrammeAction::Keep(whole.id, keeping(&typed, &plan));
    let done = match app.writer.programme(desk.staff.id, action).await {
        // Thrown away, or out of reach, a moment ago.
        Err(Error::NotFound) => return gone(&desk, &plan).await,
        done => done?,
    };
    match done {
        ProgrammeDone::Kept(_) | ProgrammeDone::Done => match typed.step.as_str() {
            "preview" => Ok(Redirect::to(&format!("{}/preview", whole.path())).into_response()),
            "publish" => {
                let step = match whole.record.state {
                    OpportunityState::Draft => Step::Publish,
                    _ => Step::Change,
                };
                step::go(&app, &desk, whole.id, step).await
            }
            _ => Ok(back_to(whole.id, "kept")),
        },
        ProgrammeDone::Changed => differs(&desk, &load(&app, desk.reach, &id).await?, &typed).await,
        ProgrammeDone::NotTheirs => not_kept(&desk, &whole, &typed, &plan, &[GROUP]).await,
        // It has ended meanwhile.
        _ => {
            let page = given_back(&desk, words::OVER_TITLE, words::OVER_WHY, &plan).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// It is not there any more, or not for them.
async fn gone(desk: &Desk, plan: &Plan) -> Page {
    let (title, why) = match desk.reach {
        Reach::All => (words::GONE_TITLE, words::GONE_WHY),
        Reach::Led(_) => (words::GONE_FOR_LEAD, words::GONE_FOR_LEAD_WHY),
    };
    let page = given_back(desk, title, why, plan).await?;
    Ok((StatusCode::NOT_FOUND, page).into_response())
}

/// All that was typed, to be copied: it cannot be kept any more, and no word of it is lost.
async fn given_back(desk: &Desk, title: Text, why: Text, plan: &Plan) -> Page {
    let texts = plan.texts().into_iter();
    let texts = texts.filter(|(_, words, _)| !words.trim().is_empty());
    let main = html! {
        p.back { a href="/staff/opportunities" { (words::ALL.get()) } }
        h1 { (title.get()) }
        p role="alert" { (why.get()) }
        section.card {
            @for (_, words, _) in texts { p { (parts::said(words)) } }
        }
    };
    Ok(desk
        .page(Way::Opportunities, title.get(), false, &main)
        .await?)
}

/// What cannot be kept comes back with what is wrong, under the version that it was written on.
async fn not_kept(
    desk: &Desk,
    whole: &Whole,
    typed: &Typed,
    plan: &Plan,
    misfits: &[&'static str],
) -> Page {
    let problem = match misfits {
        [GROUP] => words::GROUP_NEEDED,
        _ => words::PROBLEM_LONG,
    };
    let whole = Whole {
        id: whole.id,
        record: whole.record.clone(),
        version: typed.version,
        edit: whole.edit.clone(),
        sessions: Vec::new(),
        changes: Vec::new(),
        groups: whole.groups.clone(),
    };
    let page = Writing {
        whole: &whole,
        fields: Fields {
            plan,
            groups: (&whole.groups, desk.reach),
            theirs: None,
            missing: &[],
            misfits,
        },
        editor: typed.editor.clone(),
        seen: typed.seen.clone(),
        above: html! { p.problem role="alert" { (problem.get()) } },
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page.draw(desk).await?).into_response())
}

/// Both texts. What only one of the two changed is put together; where both wrote, one's own stands in the field, and
/// beside it the other's. Keeping then is on the version that was seen.
async fn differs(desk: &Desk, whole: &Whole, typed: &Typed) -> Page {
    let theirs = whole.plan();
    let seen = |name: &str, value: &str| typed.began_with(name, value);
    let (plan, both) = typed.plan.put_together(&theirs, seen);
    let why = match &whole.edit {
        Some(edit) => words::CHANGED_WHY.fill(&[
            ("who", &edit.by_name),
            ("when", &desk.clock.say_inside(edit.at)),
        ]),
        None => words::CHANGED_SHOWN.get().to_owned(),
    };
    let what = if both.is_empty() {
        words::CHANGED_TOGETHER
    } else {
        words::CHANGED_BOTH
    };
    let page = Writing {
        whole,
        fields: Fields {
            plan: &plan,
            groups: (&whole.groups, desk.reach),
            theirs: Some((&theirs, &both)),
            missing: &[],
            misfits: &[],
        },
        editor: new_editor(),
        seen: marks(&theirs),
        above: html! {
            div.problem role="alert" {
                h2 { (words::CHANGED_TITLE.get()) }
                p { (why) }
                p { (what.get()) }
            }
        },
    };
    Ok((StatusCode::CONFLICT, page.draw(desk).await?).into_response())
}

/// What the page itself keeps while someone writes. The answer is for the page's script.
pub(super) async fn autosave(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let whole = load(&app, desk.reach, &id).await?;
    let typed = Typed::read(&fields);
    let plan = typed.plan.clone();
    if !plan.misfits().is_empty() {
        return Err(Error::TooLarge.into());
    }
    let action = ProgrammeAction::Keep(whole.id, keeping(&typed, &plan));
    let done = app.writer.programme(desk.staff.id, action).await?;
    Ok(match done {
        ProgrammeDone::Kept(version) => Json(json!({ "version": version })).into_response(),
        ProgrammeDone::NotTheirs => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        _ => StatusCode::CONFLICT.into_response(),
    })
}
