//! The words of a file, put into the form for bringing a document in. Nothing of the file is kept.

use super::{
    Page,
    bring_in::{Typed, page},
};
use crate::{http::staff::desk::Run, state::App};
use app::{domain::words::split::MOST_CHARACTERS, lang::en::words};
use axum::{
    extract::{Multipart, State, multipart::MultipartRejection},
    http::StatusCode,
    response::IntoResponse,
};

/// The most bytes of a file.
const MOST_BYTES: usize = 200 * 1024;

pub(super) async fn take(
    State(app): State<App>,
    desk: Run,
    sent: Result<Multipart, MultipartRejection>,
) -> Page {
    let text = match sent {
        Ok(sent) => read(sent).await,
        Err(_) => None,
    };
    let Some(text) = text else {
        let problem = Some(words::FILE_PROBLEM);
        let page = page(&app, &desk, &Typed::default(), None, problem).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let typed = Typed::of_text(text);
    page(&app, &desk, &typed, Some(words::FILE_TAKEN), None).await
}

/// The file's text; none if it is no text, or too long.
async fn read(mut sent: Multipart) -> Option<String> {
    while let Ok(Some(field)) = sent.next_field().await {
        if field.name() != Some("file") {
            continue;
        }
        let bytes = field.bytes().await.ok()?;
        if bytes.len() > MOST_BYTES {
            return None;
        }
        let text = String::from_utf8(bytes.to_vec()).ok()?;
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let is_text = !text.contains('\0') && !text.trim().is_empty();
        return (is_text && text.chars().count() <= MOST_CHARACTERS).then_some(text);
    }
    None
}
