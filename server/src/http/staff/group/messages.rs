//! What is written in a group, for those who look after it, and what its people ask them to look at. That somebody
//! opens it is in the audit log before a word is shown. While the page stays open it looks again by itself.

use super::{Page, Whole, inside, people::why};
use crate::{
    commands::group_desk::{GroupAction, GroupDone, Inside},
    db::desk::{
        Page as Rows,
        groups::{self, Older, Said},
    },
    error::Error,
    http::staff::{
        desk::{Desk, Run, Way},
        parts::{self, Opening},
    },
    state::App,
};
use app::{
    domain::{group::MessageState, text},
    lang::{
        Text,
        en::{desk as desk_words, groups as words},
    },
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// How a page that is open says that it only looks again (see `desk.js`).
const AGAIN: &str = "x-looks-again";

/// The list of all that is written, beside that of what is to be looked at.
const THERE: &str = "said";

/// Where the page goes on, and what was just done. What is not asked for rightly is not asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
    before: String,
    before_id: String,
}

/// Notes that somebody reads, before anything is shown. An answer instead, where nobody does.
pub(super) async fn reads(
    app: &App,
    desk: &Desk,
    whole: &Whole,
    (method, headers): (&Method, &HeaderMap),
) -> Result<Option<Response>, Error> {
    match Opening::of(method, headers) {
        Opening::Ahead => return Ok(Some(StatusCode::SERVICE_UNAVAILABLE.into_response())),
        Opening::Head => return Ok(Some(StatusCode::OK.into_response())),
        Opening::Real => {}
    }
    let again = headers.contains_key(AGAIN);
    let action = GroupAction::Inside(Inside::Read { again });
    app.writer.group(desk.staff.id, whole.id(), action).await?;
    Ok(None)
}

pub(super) async fn list(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Page {
    let whole = inside(&app, &desk, &id).await?;
    if let Some(answer) = reads(&app, &desk, &whole, (&method, &headers)).await? {
        return Ok(answer);
    }
    let older = match asked.before.parse() {
        Ok(at) => Older {
            at,
            id: asked.before_id,
        },
        Err(_) => Older::default(),
    };
    let done = (asked.done == "written").then_some(words::DONE_WRITTEN);
    page(&app, &desk, &whole, &older, done, None).await
}

/// Words that were typed and not written, and what is wrong with them.
struct Typed<'a> {
    id: Uuid,
    words: &'a str,
    problem: Text,
}

async fn page(
    app: &App,
    desk: &Desk,
    whole: &Whole,
    older: &Older,
    done: Option<Text>,
    typed: Option<Typed<'_>>,
) -> Page {
    let mut reader = app.db.reader().await?;
    let reported = groups::reported(&mut reader, whole.id()).await?;
    let said = groups::messages(&mut reader, whole.id(), older).await?;
    drop(reader);
    let title = words::MESSAGES_TITLE.fill(&[("title", whole.title())]);
    let main = html! {
        (whole.back())
        div {
            h1 { (title) }
            p.soft { (words::MESSAGES_WHY.get()) }
        }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(typed) = &typed { p.problem role="alert" { (typed.problem.get()) } }
        div.stack.whole id="reported" data-live { (to_look_at(desk, whole, &reported)) }
        (write_form(desk, whole, typed.as_ref()))
        div.stack.whole id="said-there" data-live {
            h2 { (words::SEE_MESSAGES.get()) }
            @if said.rows.is_empty() { p.card { (words::MESSAGES_NONE.get()) } }
            @for one in &said.rows { (message(desk, whole, one, THERE)) }
            (pages(whole, *older != Older::default(), &said))
        }
    };
    Ok(desk.page(Way::Groups, &title, true, &main).await?)
}

fn to_look_at(desk: &Desk, whole: &Whole, reported: &Rows<Said>) -> Markup {
    html! {
        @if !reported.rows.is_empty() {
            section.stack.whole aria-labelledby="look" {
                h2 id="look" { (words::REPORTED.get()) }
                p.soft { (words::REPORTED_WHY.get()) }
                @for one in &reported.rows { (message(desk, whole, one, "look")) }
                @if reported.more { p.soft { (words::REPORTED_MORE.get()) } }
            }
        }
    }
}

/// Who wrote something.
pub(super) fn writer(said: &Said) -> String {
    match &said.staff {
        Some((_, name)) => words::FROM_STAFF.fill(&[("name", name)]),
        None => parts::who(said.who.as_deref()).to_owned(),
    }
}

/// What was written, with how it stands; hidden words too.
pub(super) fn said_there(desk: &Desk, said: &Said) -> Markup {
    let hider = parts::they(said.hidden_by.as_deref());
    html! {
        @match (said.state, &said.words) {
            (MessageState::TakenBack, _) | (_, None) => p.soft { (words::TAKEN_BACK.get()) },
            (_, Some(words)) => p { (parts::said(words)) },
        }
        @if said.state == MessageState::Hidden {
            p { span.mark.over { (words::HIDDEN.get()) } }
            @let when = desk.clock.say_inside(said.hidden_at.unwrap_or_default());
            p.soft { (words::HIDDEN_BY.fill(&[("who", hider), ("when", &when)])) }
            @if let Some(why) = &said.hidden_why { p { (parts::said(why)) } }
        }
    }
}

fn message(desk: &Desk, whole: &Whole, said: &Said, list: &str) -> Markup {
    let (who, when) = (writer(said), desk.clock.say(said.at));
    let heading = format!("{list}-{}", said.id);
    html! {
        article.card.message aria-labelledby=(heading) {
            div.phone-row {
                p id=(heading) { strong { (who) } " " span.soft { (when) } }
                a.button.plain href={ (whole.path()) "/messages/" (said.id) }
                    aria-label=(words::OPEN_MESSAGE.fill(&[("who", &who), ("when", &when)])) { (desk_words::OPEN.get()) }
            }
            (said_there(desk, said))
            @if said.reports > 0 && list == THERE { p { span.mark.waits { (words::REPORTED.get()) } } }
        }
    }
}

fn pages(whole: &Whole, is_later: bool, page: &Rows<Said>) -> Markup {
    let address = format!("{}/messages", whole.path());
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if is_later { a.button.plain href=(address) { (words::NEWEST.get()) } }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href={ (address) "?before=" (last.at) "&before_id=" (last.id) } { (words::OLDER.get()) }
                }
            }
        }
    }
}

fn write_form(desk: &Desk, whole: &Whole, typed: Option<&Typed<'_>>) -> Markup {
    let id = typed.map_or_else(Uuid::now_v7, |typed| typed.id);
    html! {
        @if whole.state().goes_on() {
            form.stack.card method="post" action={ (whole.path()) "/messages" } aria-labelledby="write" {
                h2 id="write" { (words::WRITE.get()) }
                input type="hidden" name="id" value=(id);
                div.field {
                    label for="words" { (words::WRITE_LABEL.get()) }
                    p.soft id="words-hint" { (words::WRITE_HINT.fill(&[("name", &desk.staff.name)])) }
                    textarea.low id="words" name="words" required maxlength=(text::LONG) aria-describedby="words-hint" {
                        (typed.map_or("", |typed| typed.words))
                    }
                }
                button { (words::WRITE_DO.get()) }
            }
        } @else {
            p.soft { (words::WRITE_OVER.get()) }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Written {
    id: Uuid,
    #[serde(default)]
    words: String,
}

pub(super) async fn write(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Written>,
) -> Page {
    let whole = inside(&app, &desk, &id).await?;
    let given_back = |problem| Typed {
        id: typed.id,
        words: &typed.words,
        problem,
    };
    let problem = match why(&typed.words) {
        Ok(words) => {
            let action = GroupAction::Inside(Inside::Write(typed.id, words));
            match app.writer.group(desk.staff.id, whole.id(), action).await? {
                GroupDone::Done => {
                    let to = format!("{}/messages?done=written", whole.path());
                    return Ok(Redirect::to(&to).into_response());
                }
                _ => given_back(words::WRITE_OVER),
            }
        }
        Err(problem) => given_back(problem.unwrap_or(words::WRITE_NEEDED)),
    };
    let page = page(&app, &desk, &whole, &Older::default(), None, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
