//! What a mail says: how many things wait, where the desk is, and how to change the times. It is given
//! a number and nothing else, so there is no name and no word of anybody's that it could hold.

use super::Post;
use app::lang::en::mail as words;
use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

/// The mail for one member of staff; none if their address is none.
pub fn write(post: &Post, address: &str, waiting: i64) -> Option<Message> {
    let to: Address = address.parse().ok()?;
    let subject = subject(waiting);
    let id = format!("<{}@{}>", Uuid::now_v7(), post.from.email.domain());
    let body = [
        subject.clone(),
        format!("{}/staff", post.site),
        String::new(),
        words::WHY.get().to_owned(),
        format!("{}/staff/mail", post.site),
        String::new(),
    ];
    let mut message = Message::builder()
        .from(post.from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        .message_id(Some(id))
        .header(ContentType::TEXT_PLAIN)
        .body(body.join("\r\n"))
        .ok()?;
    // So that nobody's "out of office" answers it (RFC 3834).
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    let value = HeaderValue::new(name, "auto-generated".to_owned());
    message.headers_mut().insert_raw(value);
    Some(message)
}

fn subject(waiting: i64) -> String {
    match waiting {
        1 => words::SUBJECT_ONE.get().to_owned(),
        many => words::SUBJECT_MANY.fill(&[("count", &many.to_string())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_one_thing() {
        assert_eq!(subject(1), "1 thing is waiting in Chorus");
        assert_eq!(subject(2), "2 things are waiting in Chorus");
    }
}
