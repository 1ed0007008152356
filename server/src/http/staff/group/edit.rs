//! Writing what members read of a group. A draft is kept at once; a change of what members see is seen first as a
//! member will see it. Two who write at once are told, and nobody's words go silently.

use super::{Page, Whole, back_to, load, preview};
use crate::{
    commands::group_desk::{GroupAction, GroupDone, GroupPlan},
    http::staff::{
        desk::{Desk, Run, Way},
        written::{self, Fields, Form as Typing, marks},
    },
    state::App,
};
use app::{
    domain::{
        group::{GroupPart, GroupState},
        plan::{Values, put_together},
    },
    lang::{
        Text,
        en::{groups as words, programme},
    },
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use maud::{Markup, html};
use serde::Deserialize;

/// The parts without which nobody is shown a group get more room.
const ROOMY: &[&str] = &["does", "agreement"];

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// What was typed, and on what.
struct Typed {
    version: i64,
    seen: String,
    step: String,
    plan: GroupPlan,
}

impl Typed {
    fn read(fields: &[(String, String)]) -> Self {
        let form = Typing(fields);
        Self {
            version: form.value("version").parse().unwrap_or(-1),
            seen: form.value("seen"),
            step: form.value("step"),
            plan: GroupPlan::read(|name| form.value(name)),
        }
    }
}

/// The page of the form.
struct Writing<'a> {
    whole: &'a Whole,
    values: Values,
    theirs: Option<(Values, &'a [&'static str])>,
    missing: &'a [GroupPart],
    misfits: &'a [&'static str],
    version: i64,
    seen: String,
    above: Markup,
}

impl Writing<'_> {
    async fn draw(self, desk: &Desk) -> Page {
        let whole = self.whole;
        let is_draft = whole.state() == GroupState::Draft;
        let title = words::WRITE_TITLE.fill(&[("title", whole.title())]);
        let why = if is_draft {
            words::WRITE_WHY
        } else {
            words::WRITE_WHY_SHOWN
        };
        let keep = if self.theirs.is_some() {
            words::KEEP_THEIRS
        } else {
            words::KEEP
        };
        let fields = Fields {
            values: self.values,
            theirs: self.theirs,
            missing: self.missing.iter().map(|part| part.word()).collect(),
            misfits: self.misfits,
            roomy: ROOMY,
        };
        let main = html! {
            (whole.back())
            h1 { (title) }
            p.soft { (why.get()) }
            (self.above)
            form.stack.whole id="write" method="post" action={ (whole.path()) "/edit" } autocomplete="off" {
                input type="hidden" name="version" value=(self.version);
                input type="hidden" name="seen" value=(self.seen);
                (draw(&fields, is_draft))
                div.actions {
                    @if is_draft {
                        button name="step" value="keep" { (keep.get()) }
                        button.plain name="step" value="see" { (words::SEE.get()) }
                    } @else {
                        button name="step" value="see" { (words::SEE.get()) }
                    }
                }
            }
        };
        Ok(desk.page(Way::Groups, &title, false, &main).await?)
    }
}

fn draw(it: &Fields, is_draft: bool) -> Markup {
    let again = if is_draft {
        words::FIELD_AGREEMENT_HINT
    } else {
        words::FIELD_AGREEMENT_AGAIN
    };
    html! {
        (it.group(words::GROUP_WHAT, &html! {
            (it.short("title", words::FIELD_TITLE, None))
            (it.area())
            (it.long("does", words::FIELD_DOES, Some(words::FIELD_DOES_HINT)))
            (it.long("who_for", words::FIELD_WHO_FOR, None))
            (it.long("meets", words::FIELD_MEETS, Some(words::FIELD_MEETS_HINT)))
        }))
        (it.group(words::GROUP_WHO, &html! {
            (it.short("led_by", words::FIELD_LED_BY, Some(words::FIELD_LED_BY_HINT)))
        }))
        (it.group(words::GROUP_AGREEMENT, &html! {
            (it.long("agreement", words::FIELD_AGREEMENT, Some(again)))
        }))
        (it.group(words::GROUP_CAME, &html! {
            (it.long("came_of_it", words::FIELD_CAME, Some(words::FIELD_CAME_HINT)))
        }))
    }
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let values = GroupPlan::of(&whole.row.record).values();
    let started = asked.done == "started";
    let page = Writing {
        whole: &whole,
        seen: marks(&values),
        values,
        theirs: None,
        missing: &[],
        misfits: &[],
        version: whole.row.version,
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
    let whole = load(&app, &desk, &id).await?;
    let misfits = typed.plan.misfits();
    if !misfits.is_empty() {
        return again(
            &desk,
            &whole,
            &typed,
            &[],
            &misfits,
            programme::PROBLEM_LONG,
        )
        .await;
    }
    let missing = typed.plan.missing();
    let is_draft = whole.state() == GroupState::Draft;
    // A draft needs a name, to be found again; what is shown needs all.
    let needed: Vec<GroupPart> = missing
        .into_iter()
        .filter(|part| !is_draft || *part == GroupPart::Title)
        .collect();
    if !needed.is_empty() {
        return again(&desk, &whole, &typed, &needed, &[], words::NOT_MISSING).await;
    }
    match typed.step.as_str() {
        "edit" => again_as_it_was(&desk, &whole, &typed).await,
        "send" => write(&app, &desk, &whole, &typed).await,
        "keep" if is_draft => write(&app, &desk, &whole, &typed).await,
        // What members see is seen first by who writes it.
        _ => see(&app, &whole, &typed).await,
    }
}

async fn write(app: &App, desk: &Desk, whole: &Whole, typed: &Typed) -> Page {
    let theirs = GroupPlan::of(&whole.row.record).values();
    // What changed meanwhile is none of these words: a step, or who looks after it.
    let same_words = marks(&theirs) == typed.seen;
    let action = GroupAction::Change {
        plan: Box::new(typed.plan.clone()),
        version: if same_words {
            whole.row.version
        } else {
            typed.version
        },
    };
    match app.writer.group(desk.staff.id, whole.id(), action).await? {
        GroupDone::Done => Ok(back_to(
            whole.id(),
            match whole.state() {
                GroupState::Draft => "changed",
                _ => "shown",
            },
        )),
        GroupDone::Missing(parts) => {
            again(desk, whole, typed, &parts, &[], words::NOT_MISSING).await
        }
        _ => {
            let now = load(app, desk, &whole.id().to_string()).await?;
            differs(desk, &now, typed).await
        }
    }
}

/// The form with what was typed, and what is to be put right.
async fn again(
    desk: &Desk,
    whole: &Whole,
    typed: &Typed,
    missing: &[GroupPart],
    misfits: &[&'static str],
    problem: Text,
) -> Page {
    let page = Writing {
        whole,
        values: typed.plan.values(),
        theirs: None,
        missing,
        misfits,
        version: typed.version,
        seen: typed.seen.clone(),
        above: html! { p.problem role="alert" { (problem.get()) } },
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page.draw(desk).await?).into_response())
}

/// The form with what was typed, to go on.
async fn again_as_it_was(desk: &Desk, whole: &Whole, typed: &Typed) -> Page {
    let page = Writing {
        whole,
        values: typed.plan.values(),
        theirs: None,
        missing: &[],
        misfits: &[],
        version: typed.version,
        seen: typed.seen.clone(),
        above: html! {},
    };
    page.draw(desk).await
}

/// Both texts. What only one of the two changed is put together; where both wrote, one's own stands in the field, and
/// beside it the other's. Keeping then is on the version that was seen.
async fn differs(desk: &Desk, whole: &Whole, typed: &Typed) -> Page {
    let theirs = GroupPlan::of(&whole.row.record).values();
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
        missing: &[],
        misfits: &[],
        version: whole.row.version,
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

/// As a member will see it, on their own screen, with what goes on from there above it.
async fn see(app: &App, whole: &Whole, typed: &Typed) -> Page {
    let next = typed.plan.shown(&whole.row.record);
    let asks_again = next.agreement.version > whole.row.record.agreement.version;
    let send = match whole.state() {
        GroupState::Draft => words::KEEP,
        _ => words::PREVIEW_SEND,
    };
    let action = format!("{}/edit", whole.path());
    let kept = kept(typed);
    let banner = html! {
        p { strong { (words::PREVIEW_TITLE.get()) } ". " (words::PREVIEW_WHY.get()) }
        @if asks_again && whole.people > 0 { p { strong { (words::PREVIEW_AGREEMENT.get()) } } }
        form method="post" action=(action) {
            (kept)
            button.button.main name="step" value="send" { (send.get()) }
        }
        form method="post" action=(action) {
            (kept)
            button.quiet name="step" value="edit" { (words::PREVIEW_CHANGE.get()) }
        }
    };
    Ok(preview::screen(app, whole.id(), next, &banner).await?)
}

/// All that was typed, to go on with.
fn kept(typed: &Typed) -> Markup {
    html! {
        input type="hidden" name="version" value=(typed.version);
        input type="hidden" name="seen" value=(typed.seen);
        @for (name, value) in typed.plan.values() {
            input type="hidden" name=(name) value=(value);
        }
    }
}
