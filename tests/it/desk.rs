//! A browser at the staff desk: its cookie, and what its pages say.

use crate::site::{Answer, Site};
use app::domain::id::{StaffId, TeamId};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use server::{
    db,
    db::staff::{NewStaff, Role},
    staff::passwords,
};
use uuid::Uuid;

/// The password of everyone at the desk in tests.
pub const PASSWORD: &str = "lived experience";

/// A browser at the desk.
#[derive(Clone)]
pub struct Desk<'a> {
    /// Where it belongs to.
    pub site: &'a Site,
    /// Its cookie.
    pub cookie: Option<String>,
}

/// Adds someone whose password is [`PASSWORD`]; their email is `name@demo.example`.
pub async fn hire(site: &Site, name: &str, role: Role, teams: &[TeamId]) -> StaffId {
    let id = StaffId(Uuid::now_v7());
    let new = NewStaff {
        id,
        email: format!("{name}@demo.example"),
        name: name.to_owned(),
        role,
        password: passwords::hash(PASSWORD.to_owned()).await.unwrap(),
        teams: teams.to_vec(),
    };
    let write = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { db::staff::add(tx, &new, 0).await }));
    write.await.expect("a member of staff");
    id
}

/// Someone of these teams, signed in.
pub async fn at_the_desk<'a>(site: &'a Site, name: &str, teams: &[TeamId]) -> Desk<'a> {
    hire(site, name, Role::Staff, teams).await;
    signed_in(site, name).await
}

/// Signs someone in who was hired before.
pub async fn signed_in<'a>(site: &'a Site, name: &str) -> Desk<'a> {
    let mut desk = Desk { site, cookie: None };
    let answer = desk
        .sign_in(&format!("{name}@demo.example"), PASSWORD)
        .await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    desk
}

impl Desk<'_> {
    /// Sends a request with the cookie, and keeps the one that comes back.
    pub async fn send(&mut self, method: Method, path: &str, form: Option<&str>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = form.map_or_else(Body::empty, |form| Body::from(form.to_owned()));
        let answer = self.site.send(request.body(body).unwrap()).await;
        if answer.headers.contains_key(header::SET_COOKIE) {
            let cookie = answer.header("set-cookie");
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        answer
    }

    /// Signs in.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let form = format!("email={}&password={}", escape(email), escape(password));
        self.post("/staff/sign-in", &form).await
    }

    /// Opens a page.
    pub async fn open(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Opens a page that is there; what it says.
    pub async fn read(&mut self, path: &str) -> String {
        let answer = self.open(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", page(&answer));
        page(&answer)
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.send(Method::POST, path, Some(form)).await
    }
}

/// What a page says.
pub fn page(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// A form's value, escaped as browsers do.
pub fn escape(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
