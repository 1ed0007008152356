//! Writing a change. It is kept by a press, and with script every few seconds and when the page is left. Two who write
//! at once are told, and nobody's words go silently.

use super::{Page, Whole, back_to, load};
use crate::{
    commands::changes::{ChangeAction, ChangeDone, Keeping},
    error::Error,
    http::staff::{
        changes::{groups, kinds},
        desk::{Desk, Run, Way},
        parts,
        written::{self, Fields, Form as Typing, marks},
    },
    state::App,
};
use app::{
    domain::{
        change::{ChangePlan, ChangeState},
        plan::{Values, put_together},
    },
    lang::{
        Text,
        en::{changes as words, programme},
    },
};
use axum::{
    Form, Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

/// The parts without which nothing goes out get more room.
const ROOMY: &[&str] = &["you_said", "we_did", "why"];

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// What was typed, and on what.
struct Typed {
    version: i64,
    /// The open page.
    editor: String,
    /// What stood in the fields when the page was opened.
    seen: String,
    step: String,
    plan: ChangePlan,
}

impl Typed {
    fn read(fields: &[(String, String)]) -> Self {
        let form = Typing(fields);
        Self {
            version: form.value("version").parse().unwrap_or(-1),
            editor: form.value("editor"),
            seen: form.value("seen"),
            step: form.value("step"),
            plan: ChangePlan::read(|name| form.value(name)),
        }
    }

    fn misfits(&self) -> Vec<&'static str> {
        self.plan.misfits(|day| day.parse::<Date>().is_ok())
    }

    fn keeping(&self) -> Keeping {
        Keeping {
            plan: Box::new(self.plan.clone()),
            version: self.version,
            editor: self.editor.clone(),
        }
    }
}

/// The page of the form.
struct Writing<'a> {
    whole: &'a Whole,
    values: Values,
    theirs: Option<(Values, &'a [&'static str])>,
    misfits: &'a [&'static str],
    version: i64,
    editor: String,
    seen: String,
    above: Markup,
}

impl Writing<'_> {
    async fn draw(self, desk: &Desk) -> Page {
        let whole = self.whole;
        let path = whole.path();
        let title = words::WRITE_TITLE.get();
        let differs = self.theirs.is_some();
        let keep = if differs {
            words::KEEP_MINE
        } else {
            words::KEEP
        };
        let fields = Fields {
            values: self.values,
            theirs: self.theirs,
            missing: Vec::new(),
            misfits: self.misfits,
            roomy: ROOMY,
        };
        let agreed = whole.row.state == ChangeState::Agreed;
        let main = html! {
            (whole.back())
            h1 { (title) }
            p.soft { (words::WRITE_WHY.get()) }
            @if agreed { p.notice { (words::EDIT_AGREED.get()) } }
            (self.above)
            form.stack.whole id="write" method="post" action={ (path) "/edit" } autocomplete="off"
                data-autosave={ (path) "/autosave" } {
                input type="hidden" name="version" value=(self.version);
                input type="hidden" name="editor" value=(self.editor);
                input type="hidden" name="seen" value=(self.seen);
                (draw(desk, whole, &fields))
                p.soft id="kept" role="status" data-kept=(programme::AUTO_KEPT.get())
                    data-not=(programme::AUTO_NOT.get()) data-changed=(programme::AUTO_CHANGED.get()) {}
                div.actions {
                    button name="step" value="keep" { (keep.get()) }
                    button.plain name="step" value="see" { (words::KEEP_AND_SEE.get()) }
                }
            }
        };
        Ok(desk.page(Way::Changes, title, false, &main).await?)
    }
}

fn draw(desk: &Desk, whole: &Whole, it: &Fields) -> Markup {
    let group = whole.row.plan.group;
    let groups = groups(desk.reach, &whole.groups, group);
    html! {
        (it.group(words::GROUP_WHAT, &html! {
            (it.choice("kind", words::FIELD_KIND, None, &kinds()))
            (it.long("you_said", words::FIELD_YOU_SAID, Some(words::FIELD_YOU_SAID_HINT)))
            (it.long("we_did", words::FIELD_WE_DID, Some(words::FIELD_WE_DID_HINT)))
            (it.long("why", words::FIELD_WHY, Some(words::FIELD_WHY_HINT)))
            (it.long("who_took_part", words::FIELD_WHO, Some(words::FIELD_WHO_HINT)))
            (it.day("look_again", words::FIELD_LOOK_AGAIN, Some(words::FIELD_LOOK_AGAIN_HINT), words::PROBLEM_DAY))
        }))
        (it.group(words::GROUP_MORE, &html! {
            (it.area())
            (it.choice("group", words::FIELD_GROUP, None, &groups))
        }))
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
    let whole = load(&app, &desk, &id).await?;
    if !whole.row.state.may_edit() {
        return Ok(Redirect::to(&whole.path()).into_response());
    }
    let values = whole.row.plan.values();
    let started = asked.done == "started";
    let page = Writing {
        whole: &whole,
        seen: marks(&values),
        values,
        theirs: None,
        misfits: &[],
        version: whole.row.version,
        editor: new_editor(),
        above: html! {
            @if started { p.notice role="status" { (words::DONE_STARTED.get()) } }
        },
    };
    page.draw(&desk).await
}

pub(super) async fn keep(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed::read(&fields);
    let whole = match load(&app, &desk, &id).await {
        Err(Error::NotFound) => return gone(&desk, &typed.plan).await,
        found => found?,
    };
    let misfits = typed.misfits();
    if !misfits.is_empty() {
        let problem = match misfits[..] {
            ["look_again"] => words::PROBLEM_DAY,
            _ => programme::PROBLEM_LONG,
        };
        return again(&desk, &whole, &typed, &misfits, problem).await;
    }
    let action = ChangeAction::Keep(typed.keeping());
    let done = match app.writer.change(desk.staff.id, whole.id(), action).await {
        // Thrown away, or out of reach, a moment ago.
        Err(Error::NotFound) => return gone(&desk, &typed.plan).await,
        done => done?,
    };
    match done {
        ChangeDone::Kept(_) if typed.step == "see" => {
            Ok(Redirect::to(&format!("{}/preview", whole.path())).into_response())
        }
        ChangeDone::Kept(_) => Ok(back_to(whole.id(), "kept")),
        ChangeDone::Changed => differs(&desk, &load(&app, &desk, &id).await?, &typed).await,
        ChangeDone::NotTheirs => {
            again(&desk, &whole, &typed, &["group"], words::GROUP_NEEDED).await
        }
        // It went out meanwhile.
        _ => {
            let page = given_back(&desk, words::OVER_TITLE, words::OVER_WHY, &typed.plan).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// It is not there any more, or not for them.
async fn gone(desk: &Desk, plan: &ChangePlan) -> Page {
    let page = given_back(desk, words::GONE_TITLE, words::GONE_WHY, plan).await?;
    Ok((StatusCode::NOT_FOUND, page).into_response())
}

/// All that was typed, to be copied: it cannot be kept any more, and no word of it is lost.
async fn given_back(desk: &Desk, title: Text, why: Text, plan: &ChangePlan) -> Page {
    let texts = plan.texts().into_iter();
    let texts = texts.filter(|(_, words)| !words.trim().is_empty());
    let main = html! {
        p.back { a href="/staff/changes" { (words::ALL.get()) } }
        h1 { (title.get()) }
        p role="alert" { (why.get()) }
        section.card {
            @for (_, words) in texts { p { (parts::said(words)) } }
        }
    };
    Ok(desk.page(Way::Changes, title.get(), false, &main).await?)
}

/// What cannot be kept comes back with what is wrong, under the version that it was written on.
async fn again(
    desk: &Desk,
    whole: &Whole,
    typed: &Typed,
    misfits: &[&'static str],
    problem: Text,
) -> Page {
    let page = Writing {
        whole,
        values: typed.plan.values(),
        theirs: None,
        misfits,
        version: typed.version,
        editor: typed.editor.clone(),
        seen: typed.seen.clone(),
        above: html! { p.problem role="alert" { (problem.get()) } },
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page.draw(desk).await?).into_response())
}

/// Both texts. What only one of the two changed is put together; where both wrote, one's own stands in the field, and
/// beside it the other's. Keeping then is on the version that was seen.
async fn differs(desk: &Desk, whole: &Whole, typed: &Typed) -> Page {
    if !whole.row.state.may_edit() {
        return given_back(desk, words::OVER_TITLE, words::OVER_WHY, &typed.plan).await;
    }
    let theirs = whole.row.plan.values();
    let seen = |name: &str, value: &str| written::began_with(&typed.seen, name, value);
    let (values, both) = put_together(typed.plan.values(), theirs.clone(), seen);
    let what = if both.is_empty() {
        programme::CHANGED_TOGETHER
    } else {
        programme::CHANGED_BOTH
    };
    let page = Writing {
        whole,
        values,
        seen: marks(&theirs),
        theirs: Some((theirs, &both)),
        misfits: &[],
        version: whole.row.version,
        editor: new_editor(),
        above: html! {
            div.problem role="alert" {
                h2 { (programme::CHANGED_TITLE.get()) }
                p { (words::CHANGED_WHY.get()) }
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
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let typed = Typed::read(&fields);
    if !typed.misfits().is_empty() {
        return Err(Error::TooLarge.into());
    }
    let action = ChangeAction::Keep(typed.keeping());
    let done = app.writer.change(desk.staff.id, whole.id(), action).await?;
    let answer: Response = match done {
        ChangeDone::Kept(version) => Json(json!({ "version": version })).into_response(),
        ChangeDone::NotTheirs => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        _ => StatusCode::CONFLICT.into_response(),
    };
    Ok(answer)
}
