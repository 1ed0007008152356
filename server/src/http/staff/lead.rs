//! Which opportunities a member leads: given and taken away on their page. Whoever leads sees who comes to
//! those, by name, and nothing else of the desk.

use super::{desk::Desk, fault::Fault, people::sees};
use crate::{
    clock,
    db::{
        audit,
        desk::people::{self, Led},
        leads,
        word::read_id,
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        id::{MemberId, OpportunityId, StaffId},
        record::kind,
    },
    lang::en::leads as words,
};
use axum::{
    Form, Router,
    extract::{Path, State},
    response::Redirect,
    routing::post,
};
use maud::{Markup, html};
use serde::Deserialize;
use sqlx::AnyConnection;

/// `/people/{id}/leads` and its end.
pub fn router() -> Router<App> {
    Router::new()
        .route("/people/{id}/leads", post(give))
        .route("/people/{id}/leads/end", post(take))
}

#[derive(Deserialize)]
struct Which {
    opportunity: String,
}

/// What the member leads, and the form for more.
///
/// # Errors
/// What the database says.
pub async fn section(app: &App, member: &str, they: &str) -> Result<Markup, Error> {
    let (led, others): (Vec<_>, Vec<_>) = people::led(&app.db.pool, member)
        .await?
        .into_iter()
        .partition(|one| one.leads);
    let address = format!("/staff/people/{member}/leads");
    Ok(html! {
        section.card aria-labelledby="leads" {
            h2 id="leads" { (words::TITLE.fill(&[("who", they)])) }
            p.soft { (words::WHAT.fill(&[("who", they)])) }
            @if led.is_empty() { p { (words::NONE.get()) } }
            @for one in &led { (one_led(&address, one)) }
            @if !others.is_empty() {
                form.stack method="post" action=(address) {
                    div.field {
                        label for="opportunity" { (words::WHICH.get()) }
                        select id="opportunity" name="opportunity" required {
                            @for one in &others { option value=(one.id) { (one.title) } }
                        }
                    }
                    button.plain { (words::GIVE.get()) }
                }
            }
        }
    })
}

fn one_led(address: &str, one: &Led) -> Markup {
    html! {
        form.phone-row method="post" action={ (address) "/end" } {
            p { strong { (one.title) } }
            input type="hidden" name="opportunity" value=(one.id);
            button.plain aria-label=(words::TAKE_WHICH.fill(&[("what", &one.title)])) { (words::TAKE.get()) }
        }
    }
}

async fn give(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(which): Form<Which>,
) -> Result<Redirect, Fault> {
    change(&app, &desk, &id, &which, true).await
}

async fn take(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(which): Form<Which>,
) -> Result<Redirect, Fault> {
    change(&app, &desk, &id, &which, false).await
}

async fn change(
    app: &App,
    desk: &Desk,
    id: &str,
    which: &Which,
    leads: bool,
) -> Result<Redirect, Fault> {
    let line = people::find(&app.db.pool, sees(desk), id)
        .await
        .map_err(Error::from)?;
    let member: MemberId = read_id(&line.ok_or(Error::NotFound)?.id)?;
    let opportunity: OpportunityId = which.opportunity.parse().map_err(|_| Error::NotFound)?;
    let known = people::led(&app.db.pool, &member.to_string()).await?;
    if !known.iter().any(|one| one.id == opportunity.to_string()) {
        return Err(Error::NotFound.into());
    }
    let by = desk.staff.id;
    let who = (opportunity, member);
    if leads {
        app.writer
            .run(move |tx| Box::pin(gives(tx, who, by)))
            .await?;
    } else {
        // With the last lead gone, what people said would make it easier for them is gone here too.
        app.writer
            .take_away(move |tx| Box::pin(ends(tx, who, by)))
            .await?;
    }
    Ok(Redirect::to(&format!("/staff/people/{member}#leads")))
}

async fn gives(
    tx: &mut AnyConnection,
    (opportunity, member): (OpportunityId, MemberId),
    by: StaffId,
) -> Result<(), Error> {
    let now = clock::now_ms();
    if leads::add(tx, opportunity, member, by, now).await? {
        let subject = (kind::MEMBER, member.0);
        audit::add(tx, now, by, "lead.give", subject, None).await?;
    }
    Ok(())
}

async fn ends(
    tx: &mut AnyConnection,
    (opportunity, member): (OpportunityId, MemberId),
    by: StaffId,
) -> Result<(), Error> {
    if leads::remove(tx, opportunity, member).await? {
        let subject = (kind::MEMBER, member.0);
        audit::add(tx, clock::now_ms(), by, "lead.end", subject, None).await?;
    }
    Ok(())
}
