//! The member screens as the server draws them, at every address of the app; the shell that phones
//! keep for when there is no signal.

use super::{
    assets,
    document::{self, Page},
};
use crate::{db, error::Error, state::App};
use app::ui::{local::PageData, route::Route};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use leptos::nonce::Nonce;
use tower_http::compression::CompressionLayer;

/// Every address that no other router has, `/shell`, and what pages download.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/shell", get(shell))
        .fallback(page)
        // Pages hold no secret but the nonce, which is of no use in another answer.
        .layer(CompressionLayer::new().br(true).gzip(true))
        .merge(assets::router(app.assets.clone()))
}

async fn page(State(app): State<App>, method: Method, uri: Uri) -> Result<Response, Error> {
    let path = uri.path();
    let of_a_program = ["/api/", "/staff/", "/assets/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    if of_a_program || !matches!(method, Method::GET | Method::HEAD) {
        return Err(Error::NotFound);
    }
    let data = db::pages::public(&app.db.pool).await?;
    let status = status(path, &data);
    Ok(render(&app, path, data, status))
}

/// 404 for an address that no screen has, and for an opportunity that is not shown.
fn status(path: &str, data: &PageData) -> StatusCode {
    let found = match Route::parse(path) {
        Route::NotFound(_) => false,
        Route::Opportunity(id) | Route::SignUp(id) => {
            data.opportunities.iter().any(|(known, _)| *known == id.0)
        }
        _ => true,
    };
    if found {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    }
}

/// The document for `path`, under a policy that names its scripts.
pub fn render(app: &App, path: &str, data: PageData, status: StatusCode) -> Response {
    let nonce = Nonce::new();
    let title = app::ui::title(path, &data);
    let html = Page {
        assets: &app.assets,
        nonce: &nonce,
        path,
        title: &title,
        data,
    }
    .render();
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            Page::security_policy(&nonce),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (status, headers, Html(html.into_string())).into_response()
}

async fn shell(State(app): State<App>) -> impl IntoResponse {
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            document::shell_security_policy(),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, Html(document::shell(&app.assets).into_string()))
}
