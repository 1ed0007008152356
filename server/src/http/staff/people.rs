//! Members, found by name: staff see those of their own teams, admins everyone.

use super::{
    desk::{Desk, Way},
    fault::Fault,
    parts,
};
use crate::{
    db::{
        desk::{
            Page,
            people::{self, After, Line},
        },
        staff::Role,
    },
    state::App,
};
use app::{
    domain::id::StaffId,
    lang::en::{desk as words, people as own},
};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/people`.
pub fn router() -> Router<App> {
    Router::new().route("/people", get(list))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    name: String,
    #[serde(default)]
    after_name: String,
    #[serde(default)]
    after: String,
}

/// Who looks, and whether they may see everyone.
pub fn sees(desk: &Desk) -> (StaffId, bool) {
    (desk.staff.id, desk.staff.role == Role::Admin)
}

async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let after = After {
        name: asked.after_name,
        id: asked.after,
    };
    let page = people::page(&app.db.pool, sees(&desk), &asked.name, &after)
        .await
        .map_err(crate::error::Error::from)?;
    let title = own::TITLE.get();
    let main = html! {
        h1 { (title) }
        form.row method="get" action="/staff/people" role="search" {
            div.field {
                label for="name" { (own::SEARCH.get()) }
                input id="name" name="name" type="search" autocomplete="off" value=(asked.name);
            }
            button { (words::FILTER_DO.get()) }
        }
        @if page.rows.is_empty() {
            p.card { (own::EMPTY.get()) }
        } @else {
            (table(&desk, &page.rows))
        }
        (pages(&asked.name, !after.id.is_empty(), &page))
    };
    Ok(desk.page(Way::People, title, false, &main).await?)
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    let columns = [words::COLUMN_WHO, words::COLUMN_TEAM, own::COLUMN_JOINED];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns {
                        th role="columnheader" scope="col" { (column.get()) }
                    }
                    th role="columnheader" scope="col" { span.unseen { (words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for line in lines {
                    tr role="row" {
                        td.who role="cell" { (parts::who(line.name.as_deref())) }
                        td role="cell" data-label=(words::COLUMN_TEAM.get()) { (line.team.as_deref().unwrap_or("–")) }
                        td role="cell" data-label=(own::COLUMN_JOINED.get()) { (desk.clock.say(line.joined_at)) }
                        td.act role="cell" {
                            a.button href={ "/staff/people/" (line.id) }
                                aria-label=(own::OPEN_PERSON.fill(&[("who", parts::they(line.name.as_deref()))])) {
                                (words::OPEN.get())
                            }
                        }
                    }
                }
            }
        }
    }
}

fn pages(name: &str, is_later: bool, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(words::PAGES.get()) {
                @if is_later {
                    a.button.plain href={ "/staff/people?name=" (parts::escaped(name)) } { (words::TO_THE_FIRST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    @let key = last.key();
                    a.button.plain href={
                        "/staff/people?name=" (parts::escaped(name)) "&after_name=" (parts::escaped(&key.name)) "&after=" (key.id)
                    } { (words::LATER_ONES.get()) }
                }
            }
        }
    }
}
