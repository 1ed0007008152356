//! A server on a fresh database, and what a test says to it.

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use server::{config::Config, state::App};
use tower::ServiceExt;

/// A server on a fresh SQLite database that is deleted with it.
pub struct Site {
    /// What the handlers share.
    pub app: App,
    router: Router,
    _folder: tempfile::TempDir,
}

impl Site {
    /// Opens one.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let app = App::open(Config::in_folder(folder.path()))
            .await
            .expect("a fresh database");
        Self {
            router: server::router(app.clone()),
            app,
            _folder: folder,
        }
    }

    /// Sends one request.
    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        let answer = self.router.clone().oneshot(request).await;
        answer.expect("the router always answers")
    }
}
