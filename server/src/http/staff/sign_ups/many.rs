//! One thing done with many sign-ups: each goes through the writer as if it were alone, and the board says
//! what became of them. Words for members are seen first.

use super::{Filter, Show};
use crate::{
    commands::staff::{StaffAction, StaffDone},
    db::{desk::sign_ups::Line, reach::Reach},
    error::Error,
    http::staff::{
        decide::as_the_member_sees_it,
        desk::{Desk, Run, Way},
        fault::Fault,
        kept::Fields,
        parts,
        sign_up::{Whole, load},
        wording::{self, Step},
    },
    state::App,
};
use app::{
    domain::{attendee::Attendance, id::SignUpId, sign_up::SignUpState, text},
    lang::{
        Text,
        en::{board as words, desk as desk_words},
    },
};
use axum::{
    Form, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use futures_util::future::join_all;
use maud::{Markup, html};
use serde::Deserialize;

/// More than a page of the board has.
const MOST: usize = 100;

/// `/sign-ups/many`.
pub fn router() -> Router<App> {
    Router::new().route("/sign-ups/many", post(many))
}

/// What can be done with many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Give,
    Hold,
    Came,
    NotThere,
    Thank,
    Cancel,
}

impl Deed {
    const ALL: [Self; 6] = [
        Self::Give,
        Self::Hold,
        Self::Came,
        Self::NotThere,
        Self::Thank,
        Self::Cancel,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Give => "give",
            Self::Hold => "hold",
            Self::Came => "came",
            Self::NotThere => "not-there",
            Self::Thank => "thank",
            Self::Cancel => "cancel",
        }
    }

    fn button(self) -> Text {
        match self {
            Self::Give => words::MANY_GIVE,
            Self::Hold => words::MANY_HOLD,
            Self::Came => words::DO_CAME,
            Self::NotThere => words::DO_NOT_THERE,
            Self::Thank => words::MANY_THANK,
            Self::Cancel => words::MANY_CANCEL,
        }
    }

    fn has_words(self) -> bool {
        matches!(self, Self::Thank | Self::Cancel)
    }

    fn action(self, sign_up: SignUpId, message: Option<String>) -> StaffAction {
        match self {
            Self::Give => StaffAction::Confirm { sign_up, message },
            Self::Hold => StaffAction::Offer { sign_up, message },
            Self::Came | Self::NotThere => StaffAction::Attend(Attendance {
                sign_up,
                came: self == Self::Came,
            }),
            Self::Thank => StaffAction::Thank {
                sign_up,
                paid: None,
                message,
            },
            Self::Cancel => StaffAction::Cancel {
                sign_up,
                message: message.unwrap_or_default(),
            },
        }
    }
}

/// What can be done in a list.
fn deeds(show: Show) -> &'static [Deed] {
    match show {
        Show::New | Show::ToAnswer | Show::Waiting => &[Deed::Give, Deed::Hold, Deed::Cancel],
        Show::Offered => &[Deed::Give, Deed::Came, Deed::NotThere, Deed::Cancel],
        Show::Placed => &[Deed::Came, Deed::NotThere, Deed::Cancel],
        Show::Came => &[Deed::Thank, Deed::NotThere],
        Show::NotThere => &[Deed::Came],
        Show::Over => &[],
        Show::All => &Deed::ALL,
    }
}

/// Whether anything can be done in a list.
pub fn has_any(show: Show) -> bool {
    !deeds(show).is_empty()
}

/// What can be done with those that are ticked.
pub fn bar(filter: &Filter) -> Markup {
    html! {
        @if has_any(filter.show) {
            form.many id="many" method="post" action="/staff/sign-ups/many" {
                (filter.hidden())
                label.tick { input type="checkbox" name="all" value="1"; (words::CHOOSE_ALL.get()) }
                div.actions {
                    @for deed in deeds(filter.show) {
                        button.plain name="do" value=(deed.word()) { (deed.button().get()) }
                    }
                }
            }
        }
    }
}

/// The box of one line.
pub fn tick(line: &Line, says: &str) -> Markup {
    html! {
        label.tick {
            input type="checkbox" name="sign_up" value=(line.id) form="many";
            span.unseen { (says) }
        }
        input type="hidden" name="on_page" value=(line.id) form="many";
    }
}

/// What was sent.
struct Sent {
    deed: Deed,
    ids: Vec<SignUpId>,
    filter: Filter,
    message: Option<String>,
    /// None where it comes from the board itself.
    step: Option<Step>,
}

impl Sent {
    fn read(fields: &Fields) -> Result<Self, Error> {
        let one = |name: &str| {
            let found = fields.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        let deed =
            one("do").and_then(|word| Deed::ALL.into_iter().find(|deed| deed.word() == word));
        let chosen = if one("all").is_some() {
            "on_page"
        } else {
            "sign_up"
        };
        let ids = fields.iter().filter(|(key, _)| key == chosen);
        let ids: Vec<SignUpId> = ids.filter_map(|(_, id)| id.parse().ok()).collect();
        let message = text::tidy(one("message").map(str::to_owned));
        if ids.len() > MOST || !text::fits(message.as_deref(), text::LONG) {
            return Err(Error::TooLarge);
        }
        let step = match one("step") {
            Some("edit") => Some(Step::Edit),
            Some("preview") => Some(Step::Preview),
            Some("previewed") => Some(Step::Previewed),
            Some(_) => Some(Step::Send),
            None => None,
        };
        Ok(Self {
            deed: deed.ok_or(Error::Malformed)?,
            filter: Filter::of_fields(fields),
            ids,
            message,
            step,
        })
    }

    /// Everything but the words, in a form.
    fn hidden(&self) -> Markup {
        html! {
            (self.filter.hidden())
            input type="hidden" name="do" value=(self.deed.word());
            @for id in &self.ids { input type="hidden" name="sign_up" value=(id); }
        }
    }
}

async fn many(
    State(app): State<App>,
    desk: Run,
    Form(fields): Form<Fields>,
) -> Result<Response, Fault> {
    let sent = Sent::read(&fields)?;
    if sent.ids.is_empty() {
        return Ok(Became::nobody().back(&sent.filter).into_response());
    }
    if !sent.deed.has_words() {
        return Ok(act(&app, &desk, &sent).await?.into_response());
    }
    let must = sent.deed == Deed::Cancel;
    match (sent.step, &sent.message) {
        (None | Some(Step::Edit), _) => Ok(ask(&app, &desk, &sent, false).await?),
        (Some(_), None) if must => {
            let page = ask(&app, &desk, &sent, true).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        (Some(Step::Preview | Step::Send), Some(message)) => {
            Ok(preview(&app, &desk, &sent, message).await?)
        }
        _ => Ok(act(&app, &desk, &sent).await?.into_response()),
    }
}

/// Does it, one by one; the writer commits together what waits together.
async fn act(app: &App, desk: &Desk, sent: &Sent) -> Result<Redirect, Error> {
    let deed = |id: &SignUpId| {
        let action = sent.deed.action(*id, sent.message.clone());
        app.writer.staff(desk.staff.id, action)
    };
    let mut became = Became::default();
    for done in join_all(sent.ids.iter().map(deed)).await {
        match done {
            Ok(StaffDone::Done) => became.done += 1,
            Ok(StaffDone::Waits(_)) => became.waits += 1,
            Ok(StaffDone::NoLonger | StaffDone::Not(_)) | Err(Error::NotFound) => became.ended += 1,
            Err(problem) => {
                tracing::warn!(error = %problem, "one of many was not done");
                became.failed += 1;
            }
        }
    }
    Ok(became.back(&sent.filter))
}

/// How many became what: said once, at the top of the board.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Became {
    #[serde(default)]
    done: u16,
    #[serde(default)]
    waits: u16,
    #[serde(default)]
    ended: u16,
    #[serde(default)]
    failed: u16,
    #[serde(default)]
    nobody: u16,
}

impl Became {
    fn nobody() -> Self {
        Self {
            nobody: 1,
            ..Self::default()
        }
    }

    fn back(self, filter: &Filter) -> Redirect {
        let counts = [
            ("done", self.done),
            ("waits", self.waits),
            ("ended", self.ended),
            ("failed", self.failed),
            ("nobody", self.nobody),
        ];
        let counts = counts.iter().filter(|(_, count)| *count > 0);
        let counts: String = counts
            .map(|(name, count)| format!("&{name}={count}"))
            .collect();
        // The page may be empty now: from the start of the list.
        Redirect::to(&(filter.href(filter.show, None) + &counts))
    }

    /// In words; none if nothing was done.
    pub fn said(self) -> Option<String> {
        let says = [
            (self.done, words::BECAME_DONE),
            (self.waits, words::BECAME_WAITS),
            (self.ended, words::BECAME_ENDED),
            (self.failed, words::BECAME_FAILED),
            (self.nobody, words::BECAME_NOBODY),
        ];
        let says = says.iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = says
            .map(|(count, text)| text.fill(&[("count", &count.to_string())]))
            .collect();
        (!said.is_empty()).then(|| said.join(" "))
    }
}

/// Those that are there.
async fn wholes(app: &App, reach: Reach, sent: &Sent) -> Result<Vec<Whole>, Error> {
    let mut wholes = Vec::new();
    for id in &sent.ids {
        match load(app, reach, &id.to_string()).await {
            Ok((_, whole)) => wholes.push(whole),
            Err(Error::NotFound) => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(wholes)
}

fn whom(wholes: &[Whole]) -> Markup {
    html! {
        ul.names { @for whole in wholes {
            li { (parts::who(whole.line.who.as_deref())) ", " (super::what(&whole.line.title, whole.line.local_start.as_deref())) }
        } }
    }
}

/// The form for the words.
async fn ask(app: &App, desk: &Desk, sent: &Sent, words_missing: bool) -> Result<Response, Error> {
    let wholes = wholes(app, desk.reach, sent).await?;
    let is_thanks = sent.deed == Deed::Thank;
    let (title, hint, go) = if is_thanks {
        (
            words::THANK_MANY,
            words::THANK_MANY_HINT,
            words::THANK_MANY_GO,
        )
    } else {
        (
            words::CANCEL_MANY,
            desk_words::WORDS_CANCEL_HINT,
            words::SEE_FIRST_MANY,
        )
    };
    let title = title.fill(&[("count", &wholes.len().to_string())]);
    let main = html! {
        p.back { a href=(sent.filter.here()) { (desk_words::BACK.get()) } }
        h1 { (title) }
        (whom(&wholes))
        @if words_missing { p.problem role="alert" { (words::MANY_WORDS_MISSING.get()) } }
        form.stack.card method="post" action="/staff/sign-ups/many" {
            (sent.hidden())
            div.field {
                label for="words" { (words::WORDS_FOR_EACH.get()) }
                p.soft id="words-hint" { (words::WORDS_FOR_EACH_HINT.get()) " " (hint.get()) }
                textarea id="words" name="message" required[!is_thanks] maxlength=(text::LONG)
                    aria-describedby="words-hint" { (sent.message.as_deref().unwrap_or_default()) }
            }
            button name="step" value="send" { (go.get()) }
        }
    };
    desk.page(Way::SignUps, &title, false, &main).await
}

/// What each will see: the first one's phone stands for all.
async fn preview(app: &App, desk: &Desk, sent: &Sent, message: &str) -> Result<Response, Error> {
    let wholes = wholes(app, desk.reach, sent).await?;
    let first = wholes.first().ok_or(Error::NotFound)?;
    let (state, send) = if sent.deed == Deed::Thank {
        (SignUpState::Thanked, words::SEND_THANKS_MANY)
    } else {
        (SignUpState::Cancelled, desk_words::SEND_CANCEL)
    };
    let title = words::PREVIEW_MANY.get();
    let main = html! {
        h1 { (title) }
        p.soft { (desk_words::PREVIEW_WHY.get()) }
        (as_the_member_sees_it(desk, state, first, message))
        (whom(&wholes))
        (wording::send_or_change("/staff/sign-ups/many", message, send.get(), &sent.hidden()))
    };
    desk.page(Way::SignUps, title, false, &main).await
}
