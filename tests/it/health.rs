//! `/health/…`.

use crate::site::Site;
use axum::{body::Body, http::Request};

#[tokio::test]
async fn a_fresh_server_is_alive_and_ready() {
    let site = Site::new().await;
    for path in ["/health/live", "/health/ready"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(site.send(request).await.status, 200, "{path}");
    }
    assert!(site.app.db.answers().await.is_ok());
}
