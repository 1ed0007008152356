//! The member screens as the server draws them, at every address of the app; the shell that phones
//! keep for when there is no signal.

use super::{
    assets,
    document::{self, Page},
    forms,
    session::Member,
};
use crate::{db, error::Error, state::App};
use app::{
    domain::{
        group::Group,
        id::{GroupId, TeamId},
        team::Team,
    },
    ui::{
        self,
        local::PageData,
        route::{Route, on_poster},
    },
};
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use leptos::nonce::Nonce;
use maud::Markup;
use serde::Deserialize;
use tower_http::compression::CompressionLayer;
use uuid::Uuid;

/// Every address that no other router has, `/shell`, and what pages download.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/shell", get(shell))
        .route("/notes", get(notes))
        .merge(forms::router())
        .fallback(page)
        // Pages hold no secret but the nonce, which is of no use in another answer.
        .layer(CompressionLayer::new().br(true).gzip(true))
        .merge(assets::router(app.assets.clone()))
}

/// What a page's address says behind the path.
#[derive(Default, Deserialize)]
pub struct Said {
    /// What came of a plain form.
    done: Option<String>,
    /// The day that a link to the sign-up named: picked, so that it need not be asked again.
    session: Option<String>,
}

/// Any page of the app.
///
/// # Errors
/// Not a page, or what the database says.
pub async fn page(
    State(app): State<App>,
    member: Option<Member>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
    said: Result<Query<Said>, QueryRejection>,
) -> Result<Response, Error> {
    // A page opens whatever is written behind its address, Help now first of all.
    let said = said.map(|Query(said)| said).unwrap_or_default();
    let path = uri.path();
    let of_a_program = ["/api/", "/staff/", "/assets/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    if of_a_program || !matches!(method, Method::GET | Method::HEAD) {
        return Err(Error::NotFound);
    }
    if let (Some(_), Route::Join(Some(address))) = (&member, Route::parse(path))
        && let Some((_, end)) = address.split_once('/')
    {
        return Ok(Redirect::to(&from_poster(&app, end).await?).into_response());
    }
    let data = PageData {
        form_done: said.done,
        form_values: (said.session)
            .map(|session| ("session".to_owned(), session))
            .into_iter()
            .collect(),
        ..data(&app, member.as_ref(), path).await?
    };
    let data = if has_pin(&headers) {
        without_person(path, data)
    } else {
        data
    };
    let status = status(path, &data);
    render(&app, path, data, status).await
}

/// Where a poster leads somebody who has joined: to its opportunity, or to all of them if it is shown no more.
///
/// # Errors
/// What the database says.
pub async fn from_poster(app: &App, end: &str) -> Result<String, Error> {
    let shown = db::pages::public(&app.db.pool, &Route::Today)
        .await?
        .opportunities;
    let found = on_poster(end, shown.iter().map(|(id, _)| *id));
    Ok(found.map_or_else(|| "/take-part".to_owned(), |id| format!("/take-part/{id}")))
}

/// Whether the app has said that there is a PIN on this phone. Only the app knows whether it was given.
fn has_pin(headers: &HeaderMap) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut cookies = cookies.filter_map(|cookies| cookies.to_str().ok());
    cookies.any(|cookies| cookies.split(';').any(|cookie| cookie.trim() == "pin=1"))
}

/// What a page may show where there is a PIN: nothing of the person's, and no form that sends as them.
/// Today says no more than that someone has joined, so that the app can take a plain join over.
fn without_person(path: &str, data: PageData) -> PageData {
    PageData {
        team: None,
        form_id: None,
        joined: data.joined && Route::parse(path) == Route::Today,
        ..data
    }
}

/// The public records that the screen at `path` needs; for a joined member also their team's name, and an id for a
/// form of theirs.
///
/// # Errors
/// What the database says.
pub async fn data(app: &App, member: Option<&Member>, path: &str) -> Result<PageData, Error> {
    let public = db::pages::public(&app.db.pool, &Route::parse(path)).await?;
    let Some(member) = member else {
        return Ok(public);
    };
    Ok(PageData {
        joined: true,
        team: team(app, member).await?,
        form_id: Some(Uuid::now_v7()),
        ..public
    })
}

/// The team of a member, if their join code had one.
///
/// # Errors
/// What the database says.
pub async fn team(app: &App, member: &Member) -> Result<Option<(TeamId, Team)>, Error> {
    let mut reader = app.db.reader().await?;
    let row = db::members::by_id(&mut reader, member.id).await?;
    match row.and_then(|row| row.team) {
        Some(team) => Ok(Some((team, db::teams::record(&mut reader, team).await?))),
        None => Ok(None),
    }
}

/// 404 for an address that no screen has, and for an opportunity or a group that is not shown.
fn status(path: &str, data: &PageData) -> StatusCode {
    let found = match Route::parse(path) {
        Route::NotFound(_) => false,
        Route::Opportunity(id) | Route::SignUp(id) => {
            data.opportunities.iter().any(|(known, _)| *known == id.0)
        }
        Route::Group(id) | Route::InGroup(id) => group(data, id).is_some(),
        _ => true,
    };
    if found {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    }
}

/// A group that the page carries.
fn group(data: &PageData, id: GroupId) -> Option<Group> {
    let groups: Vec<(Uuid, Group)> = data.beside.as_ref()?.read()?;
    let mut groups = groups.into_iter();
    groups.find(|(known, _)| *known == id.0).map(|(_, it)| it)
}

/// The document for `path`, under a policy that names its scripts.
///
/// # Errors
/// What drawing it says.
pub async fn render(
    app: &App,
    path: &str,
    data: PageData,
    status: StatusCode,
) -> Result<Response, Error> {
    let nonce = Nonce::new();
    // The app's first part knows no group, so it names the page once it draws it.
    let group = match Route::parse(path) {
        Route::Group(id) => group(&data, id),
        _ => None,
    };
    let own = document::own(&data);
    let title =
        own.spoken(|| group.map_or_else(|| app::ui::title(path, &data), |it| ui::group_title(&it)));
    // On a phone that others use, the back button must not bring a member's page again, nor what they typed.
    let is_theirs = data.joined || !data.form_values.is_empty();
    let keeping = if is_theirs {
        "private, no-store"
    } else {
        "private, no-cache"
    };
    let html = Page {
        assets: &app.assets,
        nonce: &nonce,
        path,
        title: &title,
        data,
    }
    .render()
    .await?;
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            Page::security_policy(&nonce),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static(keeping)),
    ];
    Ok((status, headers, Html(html.into_string())).into_response())
}

async fn shell(State(app): State<App>) -> impl IntoResponse {
    kept(document::shell(&app.assets))
}

async fn notes(State(app): State<App>) -> impl IntoResponse {
    kept(document::notes(&app.assets))
}

/// A page that phones keep: the same for everyone.
fn kept(page: Markup) -> impl IntoResponse {
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            document::shell_security_policy(),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, Html(page.into_string()))
}
