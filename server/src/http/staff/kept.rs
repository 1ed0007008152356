//! Something has to be asked before a request is done: who someone is, again, or that they set two-step
//! sign-in up. What they sent is kept in the page that asks, and goes on from there: no word is lost.
//!
//! Only forms are kept. A page of ours that sends a file asks before the file is chosen.

use super::{desk::alone, prove};
use crate::{error::Error, http::security::MOST_BYTES, state::App};
use app::lang::en::accounts as words;
use axum::{
    Form,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Request},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

/// A form's fields, in their order.
pub type Fields = Vec<(String, String)>;

/// What has to be asked first. A guard puts it into its answer.
#[derive(Clone, Debug)]
pub enum Question {
    /// Is it still you?
    Prove {
        /// Whether a code is asked for beside the password.
        has_two_step: bool,
    },
    /// Two-step sign-in comes first.
    TwoStep,
}

/// What was asked of the server: to open a page, or to take a form.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The address, with its query.
    pub to: String,
    /// The fields of a form; none where a page was only to be opened.
    pub form: Option<Fields>,
}

/// A request on its way, and a copy of what it sends.
pub struct Sent {
    to: String,
    is_form: bool,
    body: Bytes,
}

impl Sent {
    /// Reads what a form sends, and gives the request on with it.
    ///
    /// # Errors
    /// [`Error::TooLarge`].
    pub async fn of(request: Request) -> Result<(Self, Request), Error> {
        // The router that nests the desk takes `/staff` off.
        let to = format!(
            "/staff{}",
            request.uri().path_and_query().map_or("/", |it| it.as_str())
        );
        let kind = request.headers().get(header::CONTENT_TYPE);
        let is_form = *request.method() == Method::POST
            && kind.is_some_and(|kind| kind.as_bytes().starts_with(FORM.as_bytes()));
        let (parts, mut body) = request.into_parts();
        let mut copy = Bytes::new();
        if is_form {
            let read = to_bytes(body, MOST_BYTES).await;
            copy = read.map_err(|_| Error::TooLarge)?;
            body = Body::from(copy.clone());
        }
        let sent = Self {
            to,
            is_form,
            body: copy,
        };
        Ok((sent, Request::from_parts(parts, body)))
    }

    /// The page that asks, if a guard did; else the answer as it is. What was written about something that is not
    /// there any more goes back with it.
    pub async fn ask(self, app: &App, mut answer: Response) -> Response {
        let Some(question) = answer.extensions().get::<Question>().cloned() else {
            if self.is_form && answer.status() == StatusCode::NOT_FOUND {
                answer
                    .extensions_mut()
                    .insert(Words::of(fields(self.body).await));
            }
            return answer;
        };
        let kept = Kept {
            form: if self.is_form {
                Some(fields(self.body).await)
            } else {
                None
            },
            to: self.to,
        };
        match question {
            Question::Prove { has_two_step } => {
                let page = prove::page(app, &kept, has_two_step, None);
                (StatusCode::UNAUTHORIZED, page).into_response()
            }
            Question::TwoStep => {
                (StatusCode::UNAUTHORIZED, set_up_first(app, &kept)).into_response()
            }
        }
    }
}

/// What somebody wrote, to be given back where it cannot be kept.
#[derive(Clone, Debug)]
pub struct Words(pub Vec<String>);

/// The fields in which people write. No other is ever shown again: there are passwords among those.
const WRITTEN: [&str; 9] = [
    "message",
    "words",
    "why",
    "reason",
    "note",
    "needs",
    "gets",
    "text",
    "took_part",
];

impl Words {
    fn of(fields: Fields) -> Self {
        let written = fields
            .into_iter()
            .filter(|(name, words)| WRITTEN.contains(&name.as_str()) && !words.trim().is_empty());
        Self(written.map(|(_, words)| words).collect())
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

async fn fields(body: Bytes) -> Fields {
    let request = Request::post("/").header(header::CONTENT_TYPE, FORM);
    let request = request.body(Body::from(body));
    let request = request.expect("a request of constants and bytes");
    // What no form sends has no fields.
    let form = Form::<Fields>::from_request(request, &()).await;
    form.map(|Form(fields)| fields).unwrap_or_default()
}

/// Fields that nobody sees: what was typed before.
pub fn hidden(fields: &[(String, String)]) -> Markup {
    html! {
        @for (name, value) in fields {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// For a form alone: a page leads to the set-up by itself.
fn set_up_first(app: &App, kept: &Kept) -> axum::response::Html<String> {
    let title = words::FIRST_TITLE.get();
    let main = html! {
        h1 { (title) }
        p { (words::FIRST_WHY.get()) }
        p { a href="/staff/account/two-step" target="_blank" { (words::FIRST_THERE.get()) } }
        form.stack method="post" action=(kept.to) {
            (hidden(kept.form.as_deref().unwrap_or_default()))
            button { (words::GO_ON.get()) }
        }
    };
    alone(app, title, &main)
}
