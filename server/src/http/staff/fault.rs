//! What a page of the desk answers when it cannot do what was asked: a page, with the right status.

use super::{
    desk::alone,
    kept::{Question, Words},
    parts,
};
use crate::{error::Error, state::App};
use app::lang::en::desk as words;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use maud::html;
use std::sync::Arc;

/// Why there is no page.
#[derive(Debug)]
pub enum Fault {
    /// Nobody is signed in: to the sign-in page, and back to this path afterwards.
    SignIn(String),
    /// Something has to be asked first: what was sent is kept meanwhile (see `kept`).
    Ask(Question),
    /// The page is for staff, and they are a lead.
    NotForLeads,
    /// Two-step sign-in is to be set up before a page of the desk is opened.
    SetUpTwoStep,
    /// Anything else.
    Error(Error),
}

impl<E: Into<Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// That a page is not a lead's, carried to where it is drawn.
#[derive(Clone, Copy)]
struct ForStaff;

/// What an error page has to say, carried to where it is drawn.
#[derive(Clone)]
struct Said(Arc<Error>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(path) => {
                Redirect::to(&format!("/staff/sign-in?next={path}")).into_response()
            }
            Self::Ask(question) => {
                let mut response = StatusCode::UNAUTHORIZED.into_response();
                response.extensions_mut().insert(question);
                response
            }
            Self::SetUpTwoStep => Redirect::to("/staff/account/two-step").into_response(),
            Self::NotForLeads => {
                let mut response = StatusCode::FORBIDDEN.into_response();
                response.extensions_mut().insert(ForStaff);
                response
            }
            Self::Error(error) => {
                let (status, ..) = error.describe();
                if status == StatusCode::INTERNAL_SERVER_ERROR {
                    tracing::error!(error = %error, "a page of the desk failed");
                }
                let mut response = status.into_response();
                response.extensions_mut().insert(Said(Arc::new(error)));
                response
            }
        }
    }
}

/// Draws the page of a fault; any other answer stays as it is.
pub fn fault_page(app: &App, response: Response) -> Response {
    if response.extensions().get::<ForStaff>().is_some() {
        return (StatusCode::FORBIDDEN, for_staff(app)).into_response();
    }
    let Some(Said(error)) = response.extensions().get::<Said>().cloned() else {
        return response;
    };
    let (status, _, message) = error.describe();
    let words = response.extensions().get::<Words>();
    let words = words.map_or(&[][..], |words| words.0.as_slice());
    (status, page(app, message, None, words)).into_response()
}

/// What a lead reads where something is for staff.
fn for_staff(app: &App) -> Html<String> {
    let why = Some(words::FOR_STAFF_WHY.get());
    page(app, words::FOR_STAFF.get(), why, &[])
}

fn page(app: &App, title: &str, why: Option<&str>, written: &[String]) -> Html<String> {
    let main = html! {
        h1 { (title) }
        @if let Some(why) = why { p { (why) } }
        @if !written.is_empty() {
            p role="alert" { (words::GIVEN_BACK.get()) }
            section.card { @for words in written { p { (parts::said(words)) } } }
        }
        p.back { a href="/staff/sign-ups" { (words::TO_THE_DESK.get()) } }
    };
    alone(app, title, &main)
}
