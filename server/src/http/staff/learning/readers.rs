//! Who has read a note and who has not, by team: for admins and for who leads the group, and for nobody else. It is
//! told plainly and to no one else; whoever is asked to read sees their own count alone.

use super::{called, note::load};
use crate::{
    db::learning::Reader,
    error::Error,
    http::staff::{
        desk::{Run, Way},
        fault::Fault,
    },
    state::App,
};
use app::{
    domain::learning::has_read,
    lang::en::{learning as words, people},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use maud::{Markup, html};

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let whole = load(&app, &desk, &id).await?;
    if !whole.may_see_readers(&desk) {
        return Err(Error::Forbidden.into());
    }
    let title = words::READERS.get();
    // Where nobody is asked to, having read any edition is having read it.
    let since = whole.row.asks_since.max(1);
    let main = html! {
        (whole.back())
        h1 { (title) }
        p.soft { bdi { (called(&whole.row)) } }
        p { (words::READERS_WHY.get()) }
        @for team in whole.readers.chunk_by(|one, next| one.team == next.team) { (team_card(team, since)) }
    };
    Ok(desk.page(Way::Learning, title, false, &main).await?)
}

fn team_card(team: &[Reader], since: u32) -> Markup {
    let name = team.first().and_then(|reader| reader.team.as_deref());
    let name = name.unwrap_or(people::NO_TEAM.get());
    let (read, not): (Vec<&Reader>, Vec<&Reader>) =
        team.iter().partition(|reader| has_read(reader.read, since));
    let lists = [(words::HAVE_READ, read), (words::NOT_READ_YET, not)];
    html! {
        section.card {
            h2 { bdi { (name) } }
            @for (heading, people) in lists {
                @if !people.is_empty() {
                    h3 { (heading.get()) " (" (people.len()) ")" }
                    ul { @for reader in people { li { bdi { (reader.name) } } } }
                }
            }
        }
    }
}
