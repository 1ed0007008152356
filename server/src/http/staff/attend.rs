//! Whether somebody came, thanking them, and what was done with a sign-up. Words for the member are
//! seen first, as everywhere; what was paid is noted for staff and goes to no phone.

use super::{
    audit,
    decide::as_the_member_sees_it,
    desk::{Desk, Run, Way},
    fault::Fault,
    parts, pounds,
    sign_up::{Whole, back_to, load},
    wording::{self, Step},
};
use crate::{
    commands::staff::{Paid, StaffAction, StaffDone},
    db::{
        desk::turnout::{self, Deed, Turnout},
        sign_ups::Thanks,
    },
    error::Error,
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
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/sign-ups/{id}/came`, `/not-there` and `/thank`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sign-ups/{id}/came", post(came))
        .route("/sign-ups/{id}/not-there", post(not_there))
        .route("/sign-ups/{id}/thank", get(ask_thanks).post(thank))
}

async fn came(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Result<Redirect, Fault> {
    mark(&app, &desk, &id, true).await
}

async fn not_there(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Result<Redirect, Fault> {
    mark(&app, &desk, &id, false).await
}

async fn mark(app: &App, desk: &Desk, id: &str, came: bool) -> Result<Redirect, Fault> {
    let sign_up: SignUpId = id.parse().map_err(|_| Error::NotFound)?;
    let said = StaffAction::Attend(Attendance { sign_up, came });
    let done = match (app.writer.staff(desk.staff.id, said).await?, came) {
        (StaffDone::NoLonger | StaffDone::Not(_), _) => "no_place",
        (_, true) => "came",
        (_, false) => "not_there",
    };
    Ok(back_to(sign_up, done))
}

/// Whether they came, who said so, and the thanks.
pub async fn day(app: &App, desk: &Desk, id: SignUpId, whole: &Whole) -> Result<Markup, Error> {
    let state = whole.line.state;
    let may_come = state.holds_place() || state == SignUpState::NotThere;
    if !may_come {
        return Ok(html! {});
    }
    let turnout = turnout::turnout(&app.db.pool, &id.to_string()).await?;
    let gaps = [("who", parts::they(whole.line.who.as_deref()))];
    let has_come = matches!(state, SignUpState::Attended | SignUpState::Thanked);
    Ok(html! {
        section.card aria-labelledby="day" {
            h2 id="day" { (words::DAY.get()) }
            (told(desk, state, &turnout))
            div.actions {
                @if !has_come {
                    (press(id, "came", words::DO_CAME, state == SignUpState::NotThere))
                }
                @if state != SignUpState::NotThere {
                    (press(id, "not-there", words::DO_NOT_THERE, true))
                }
                @if has_come {
                    a.button href={ "/staff/sign-ups/" (id) "/thank" } {
                        (thank_words(state).fill(&gaps))
                    }
                }
            }
            @if !has_come && state != SignUpState::NotThere { p.soft { (words::DAY_HINT.fill(&gaps)) } }
        }
    })
}

fn thank_words(state: SignUpState) -> Text {
    if state == SignUpState::Thanked {
        words::THANK_AGAIN
    } else {
        words::DO_THANK
    }
}

fn press(id: SignUpId, what: &str, says: Text, is_plain: bool) -> Markup {
    html! {
        form method="post" action={ "/staff/sign-ups/" (id) "/" (what) } {
            button.plain[is_plain] { (says.get()) }
        }
    }
}

/// Who marked it and when; what was paid.
fn told(desk: &Desk, state: SignUpState, turnout: &Turnout) -> Markup {
    let Thanks {
        at,
        travel,
        payment,
    } = turnout.thanks;
    let marked = match state {
        SignUpState::Attended | SignUpState::Thanked => Some(words::MARKED_CAME),
        SignUpState::NotThere => Some(words::MARKED_NOT_THERE),
        _ => None,
    };
    html! {
        @if let (Some(marked), Some(when)) = (marked, turnout.marked_at) {
            p { (marked.fill(&[
                ("by", parts::they(turnout.marked_by.as_deref())),
                ("when", &desk.clock.say_inside(when)),
            ])) }
        }
        @if let Some(at) = at { p { (words::THANKED_AT.fill(&[("when", &desk.clock.say_inside(at))])) } }
        @if travel.is_some() || payment.is_some() {
            dl.facts {
                @if let Some(pence) = travel {
                    (parts::fact(words::TRAVEL_PAID.get(), &html! { (pounds::say(pence)) }))
                }
                @if let Some(pence) = payment {
                    (parts::fact(words::PAYMENT_PAID.get(), &html! { (pounds::say(pence)) }))
                }
            }
        }
    }
}

/// What staff did with it: who, what, when.
pub async fn history(app: &App, desk: &Desk, id: SignUpId) -> Result<Markup, Error> {
    let deeds = turnout::history(&app.db.pool, desk.reach, &id.to_string()).await?;
    Ok(html! {
        @if !deeds.is_empty() {
            section.card aria-labelledby="history" {
                h2 id="history" { (words::HISTORY.get()) }
                ul.history { @for deed in &deeds { li { (deed_said(desk, deed)) } } }
            }
        }
    })
}

fn deed_said(desk: &Desk, deed: &Deed) -> String {
    words::DEED.fill(&[
        ("who", parts::who(deed.who.as_deref())),
        ("what", audit::said(&deed.action)),
        ("when", &desk.clock.say_inside(deed.at)),
    ])
}

/// What was typed to thank someone.
#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    travel: String,
    #[serde(default)]
    payment: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    step: Step,
}

async fn ask_thanks(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (id, whole) = load(&app, desk.reach, &id).await?;
    if !may_be_thanked(&whole) {
        return Ok(back_to(id, "not_yet").into_response());
    }
    let paid = turnout::turnout(&app.db.pool, &id.to_string())
        .await
        .map_err(Error::from)?
        .thanks;
    let field = |pence: Option<i64>| pence.map(pounds::plain).unwrap_or_default();
    let typed = Typed {
        travel: field(paid.travel),
        payment: field(paid.payment),
        ..Typed::default()
    };
    Ok(ask(desk, id, &whole, &typed, false).await?)
}

fn may_be_thanked(whole: &Whole) -> bool {
    matches!(
        whole.line.state,
        SignUpState::Attended | SignUpState::Thanked
    )
}

async fn thank(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let (id, whole) = load(&app, desk.reach, &id).await?;
    if !may_be_thanked(&whole) {
        return Ok(back_to(id, "not_yet").into_response());
    }
    let message = text::tidy(Some(typed.message.clone()));
    if !text::fits(message.as_deref(), text::LONG) {
        return Err(Error::TooLarge.into());
    }
    let (Ok(travel), Ok(payment)) = (pounds::read(&typed.travel), pounds::read(&typed.payment))
    else {
        let page = ask(desk, id, &whole, &typed, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    match (typed.step, &message) {
        (Step::Edit, _) => return Ok(ask(desk, id, &whole, &typed, false).await?),
        (Step::Preview | Step::Send, Some(message)) => {
            return Ok(preview(desk, id, &whole, &typed, message).await?);
        }
        _ => {}
    }
    let action = StaffAction::Thank {
        sign_up: id,
        paid: Some(Paid { travel, payment }),
        message,
    };
    let done = match app.writer.staff(desk.staff.id, action).await? {
        StaffDone::NoLonger | StaffDone::Not(_) => "not_yet",
        StaffDone::Done | StaffDone::Waits(_) => "thanked",
    };
    Ok(back_to(id, done).into_response())
}

async fn ask(
    desk: Run,
    id: SignUpId,
    whole: &Whole,
    typed: &Typed,
    is_no_amount: bool,
) -> Result<Response, Error> {
    let desk = desk.about(&format!("sign-ups/{id}"));
    let gaps = [("who", parts::they(whole.line.who.as_deref()))];
    let title = thank_words(whole.line.state).fill(&gaps);
    // Here it is done, and leads no further.
    let title = title.trim_end_matches('…');
    let main = html! {
        p.back { a href={ "/staff/sign-ups/" (id) } { (desk_words::BACK.get()) } }
        h1 { (title) }
        p.soft { (whole.line.title) }
        @if is_no_amount { p.problem role="alert" id="amounts" { (words::NO_AMOUNT.get()) } }
        form.stack.card method="post" action={ "/staff/sign-ups/" (id) "/thank" } {
            p.soft { (words::AMOUNTS_HINT.fill(&gaps)) }
            (amount("travel", words::TRAVEL_PAID, &typed.travel, is_no_amount))
            (amount("payment", words::PAYMENT_PAID, &typed.payment, is_no_amount))
            div.field {
                label for="words" { (desk_words::WORDS_IF_YOU_LIKE.fill(&gaps)) }
                p.soft id="words-hint" { (desk_words::WORDS_HINT.fill(&gaps)) }
                textarea id="words" name="message" maxlength=(text::LONG) aria-describedby="words-hint" {
                    (typed.message)
                }
            }
            button name="step" value="send" { (title) }
        }
    };
    desk.page(Way::SignUps, title, false, &main).await
}

fn amount(name: &str, label: Text, value: &str, is_wrong: bool) -> Markup {
    let wrong = is_wrong && pounds::read(value).is_err();
    html! {
        div.field.amount {
            label for=(name) { (label.get()) }
            input id=(name) name=(name) inputmode="decimal" autocomplete="off" maxlength="12" value=(value)
                aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some("amounts")];
        }
    }
}

async fn preview(
    desk: Run,
    id: SignUpId,
    whole: &Whole,
    typed: &Typed,
    message: &str,
) -> Result<Response, Error> {
    let desk = desk.about(&format!("sign-ups/{id}"));
    let gaps = [("who", parts::they(whole.line.who.as_deref()))];
    let title = desk_words::PREVIEW.fill(&gaps);
    let kept = html! {
        input type="hidden" name="travel" value=(typed.travel);
        input type="hidden" name="payment" value=(typed.payment);
    };
    let action = format!("/staff/sign-ups/{id}/thank");
    let main = html! {
        h1 { (title) }
        p.soft { (desk_words::PREVIEW_WHY.get()) }
        (as_the_member_sees_it(&desk, SignUpState::Thanked, whole, message))
        (wording::send_or_change(&action, message, &words::SEND_THANKS.fill(&gaps), &kept))
    };
    desk.page(Way::SignUps, &title, false, &main).await
}
