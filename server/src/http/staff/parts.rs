//! Small parts that more than one page of the desk shows.

use crate::db::desk::sign_ups::Room;
use app::{
    domain::{
        contact::{Contact, ContactBy},
        sign_up::SignUpState,
        text,
    },
    lang::en::desk as words,
};
use axum::http::{HeaderMap, Method};
use maud::{Markup, html};

/// What a person is called on the desk. An empty name is of somebody who left Chorus.
pub fn who(name: Option<&str>) -> &str {
    match name {
        Some("") => words::WHO_LEFT.get(),
        name => name.unwrap_or(words::NO_NAME.get()),
    }
}

/// The person inside a sentence.
pub fn they(name: Option<&str>) -> &str {
    match name {
        Some("") => words::THEY_WHO_LEFT.get(),
        name => name.unwrap_or(words::THIS_PERSON.get()),
    }
}

/// Tabs over a list: each with its address, its name and how many it has.
pub fn lists<'a>(label: &str, tabs: impl Iterator<Item = (bool, String, &'a str, i64)>) -> Markup {
    html! {
        nav aria-label=(label) {
            ul.lists id="lists" data-live {
                @for (here, href, name, count) in tabs {
                    li {
                        a href=(href) aria-current=[here.then_some("page")] {
                            (name) " " span.count { (count) }
                        }
                    }
                }
            }
        }
    }
}

/// "3 of 8 left", "Full, 2 waiting", "Plenty".
pub fn room(room: Room) -> String {
    let Some(places) = room.places else {
        return words::ROOM_PLENTY.get().to_owned();
    };
    let left = (places - room.taken).max(0);
    let [left, places, waiting] = [left, places, room.waiting].map(|n| n.to_string());
    match (left.as_str(), room.waiting) {
        (_, 1..) => {
            words::ROOM_WAITING.fill(&[("left", &left), ("places", &places), ("waiting", &waiting)])
        }
        ("0", _) => words::ROOM_FULL.fill(&[("places", &places)]),
        _ => words::ROOM_LEFT.fill(&[("left", &left), ("places", &places)]),
    }
}

/// Where a sign-up stands, in words and shape.
pub fn standing(state: SignUpState, position: i64) -> Markup {
    let (class, text) = match state {
        SignUpState::Received => ("mark waits", words::STATE_RECEIVED.get().to_owned()),
        SignUpState::Waiting => (
            "mark waits",
            words::STATE_WAITING.fill(&[("position", &position.to_string())]),
        ),
        SignUpState::Offered => ("mark waits", words::STATE_OFFERED.get().to_owned()),
        SignUpState::Confirmed => ("mark", words::STATE_CONFIRMED.get().to_owned()),
        SignUpState::Attended | SignUpState::Thanked => {
            ("mark", words::STATE_ATTENDED.get().to_owned())
        }
        SignUpState::NotThere => ("mark over", words::STATE_NOT_THERE.get().to_owned()),
        SignUpState::Withdrawn => ("mark over", words::STATE_WITHDRAWN.get().to_owned()),
        SignUpState::Cancelled => ("mark over", words::STATE_CANCELLED.get().to_owned()),
    };
    html! { p { span class=(class) { (text) } } }
}

/// How to reach the person, and whether a message may be left.
pub fn contact(contact: &Contact) -> Markup {
    let by = match contact.by {
        ContactBy::Phone => words::REACH_PHONE,
        ContactBy::Text => words::REACH_TEXT,
        ContactBy::Email => words::REACH_EMAIL,
        ContactBy::Worker => words::REACH_WORKER,
    };
    html! {
        (by.get()) " " strong { (contact.value) } br;
        @if contact.safe_to_leave_message {
            (words::SAFE_TO_LEAVE.get())
        } @else {
            strong { (words::NOT_SAFE_TO_LEAVE.get()) }
        }
    }
}

/// A value in an address's query.
pub fn escaped(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// One line of facts: a name and what there is to say.
pub fn fact(name: &str, value: &Markup) -> Markup {
    html! { dt { (name) } dd { (value) } }
}

/// What someone wrote, with its own line ends.
pub fn said(text: &str) -> Markup {
    html! { span.said { (text) } }
}

/// A line that was typed, without the spaces around it; none if it is empty or too long.
pub fn short(typed: &str) -> Option<String> {
    let tidy = text::tidy(Some(typed.to_owned()));
    tidy.filter(|typed| text::fits(Some(typed), text::SHORT))
}

/// Whether a person really opens this now. `HEAD` looks at nothing, and a browser that fetches
/// ahead of a click is no reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Someone reads.
    Real,
    /// Only whether it is there was asked.
    Head,
    /// A browser fetches ahead.
    Ahead,
}

impl Opening {
    /// From how it was asked for.
    pub fn of(method: &Method, headers: &HeaderMap) -> Self {
        let ahead = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
            headers
                .get(*name)
                .and_then(|value| value.to_str().ok())
                .is_some_and(|value| value.contains("prefetch") || value.contains("preview"))
        });
        match method {
            _ if ahead => Self::Ahead,
            &Method::GET => Self::Real,
            _ => Self::Head,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn room_is_told_in_numbers_to_staff() {
        let told = |places, taken, waiting| {
            room(Room {
                places,
                taken,
                waiting,
            })
        };
        assert_eq!(told(Some(8), 5, 0), "3 of 8 left");
        assert_eq!(told(Some(8), 8, 0), "Full (8)");
        assert_eq!(told(Some(8), 8, 2), "0 of 8 left, 2 waiting");
        assert_eq!(told(Some(8), 7, 2), "1 of 8 left, 2 waiting");
        assert_eq!(told(None, 40, 0), "Plenty");
    }

    #[test]
    fn only_a_person_who_opens_a_page_reads_it() {
        let with = |value: &'static str| {
            HeaderMap::from_iter([(
                axum::http::HeaderName::from_static("sec-purpose"),
                HeaderValue::from_static(value),
            )])
        };
        let none = HeaderMap::new();
        assert_eq!(Opening::of(&Method::GET, &none), Opening::Real);
        assert_eq!(Opening::of(&Method::HEAD, &none), Opening::Head);
        assert_eq!(
            Opening::of(&Method::GET, &with("prefetch;prerender")),
            Opening::Ahead
        );
    }
}
