//! The care of a shared thing: who has taken it on, what was said about it, and how it ends.
//!
//! Whatever is shared, nothing is left hanging (rule 7): it is seen, taken on, replied to and closed,
//! and the person can answer back. A kind of record that is cared for holds these fields and lends them
//! as a [`Care`]; the decisions here change them, or refuse. Withdrawing wins over all of them.

use super::id::{CommandId, StaffId};
use serde::Serialize;
use uuid::Uuid;

crate::words! {
    /// How far a shared thing has come. That someone saw it is a fact beside this.
    pub enum CareState {
        /// The server has it.
        Sent "sent",
        /// Someone took it on.
        TakenOn "taken_on",
        /// Someone replied.
        Replied "replied",
        /// It is finished with.
        Closed "closed",
        /// The person took it back: the content is gone.
        Withdrawn "withdrawn",
    }
}

/// The most messages of one thing: its record stays of a size that a phone can fetch.
pub const MOST_MESSAGES: usize = 60;

/// One message about a shared thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Its id: made where it was written, so that sending it twice says it once.
    pub id: Uuid,
    /// The first name of who on staff wrote it; none for the person's own.
    pub from: Option<String>,
    /// The words; none for a call, and for what the person took back.
    pub text: Option<String>,
    /// RFC 3339; when the server had it. None while it waits on the phone.
    pub at: Option<String>,
    /// A call that was made: a reply without words.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rang: bool,
    /// The command that waits to send it: only ever set on the phone that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<CommandId>,
}

crate::reads_json!(Message {
    id,
    from,
    text,
    at,
    rang,
    waits
});

impl Message {
    /// The person's own words, which wait on the phone behind this command, or have just been sent.
    pub fn own(id: Uuid, text: String, waits: Option<CommandId>) -> Self {
        Self {
            id,
            from: None,
            text: Some(text),
            at: None,
            rang: false,
            waits,
        }
    }
}

/// The fields of a record that is cared for, lent to a decision.
#[derive(Debug)]
pub struct Care<'a> {
    /// Whether the person asked for something.
    pub asked: bool,
    /// Who has it.
    pub owner: &'a mut Option<StaffId>,
    /// How far it has come.
    pub state: &'a mut CareState,
    /// What was said, oldest first.
    pub messages: &'a mut Vec<Message>,
    /// The first name of who has it.
    pub taken_on_by: &'a mut Option<String>,
    /// RFC 3339; since when.
    pub taken_on_at: &'a mut Option<String>,
    /// RFC 3339; when it was closed.
    pub closed_at: &'a mut Option<String>,
    /// The first name of who copied it to the person's record.
    pub copied_by: &'a mut Option<String>,
    /// RFC 3339; when.
    pub copied_at: &'a mut Option<String>,
}

/// Who does something, and when (RFC 3339).
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Who.
    pub id: StaffId,
    /// Their first name, as the person reads it.
    pub name: &'a str,
    /// When.
    pub at: &'a str,
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Not {
    /// The person took it back.
    Withdrawn,
    /// It is closed.
    Closed,
    /// It is so already: nothing changes.
    Already,
    /// Something was asked for and nobody has replied.
    Unanswered,
    /// The person wrote something since it was read.
    NewWords,
    /// There is room for no more messages.
    Full,
}

impl Care<'_> {
    /// Someone takes it on, also from a colleague.
    ///
    /// # Errors
    /// [`Not`]: withdrawn, closed, or theirs already.
    pub fn take_on(self, by: By) -> Result<(), Not> {
        self.hand_over(by)
    }

    /// It goes to `to`, who has it from now on.
    ///
    /// # Errors
    /// [`Not`]: withdrawn, closed, or theirs already.
    pub fn hand_over(mut self, to: By) -> Result<(), Not> {
        self.stands()?;
        if *self.state == CareState::Closed {
            return Err(Not::Closed);
        }
        if *self.owner == Some(to.id) {
            return Err(Not::Already);
        }
        self.give_to(to);
        Ok(())
    }

    /// Someone replies: words, or a call that they made. Who replies to what nobody has, has it.
    ///
    /// # Errors
    /// [`Not`]: withdrawn, said already, or no room for more.
    pub fn reply(mut self, by: By, id: Uuid, text: Option<String>) -> Result<(), Not> {
        self.say(Message {
            id,
            from: Some(by.name.to_owned()),
            rang: text.is_none(),
            text,
            at: Some(by.at.to_owned()),
            waits: None,
        })?;
        if self.owner.is_none() {
            self.give_to(by);
        }
        *self.state = CareState::Replied;
        *self.closed_at = None;
        Ok(())
    }

    /// Someone closes it, having read `read` messages. Nothing that was asked for is closed without a reply.
    ///
    /// # Errors
    /// [`Not`]: withdrawn, closed already, unanswered, or something came since it was read.
    pub fn close(mut self, by: By, read: usize) -> Result<(), Not> {
        self.stands()?;
        if *self.state == CareState::Closed {
            return Err(Not::Already);
        }
        if self.asked && !is_answered(self.messages) {
            return Err(Not::Unanswered);
        }
        if self.messages.len() != read {
            return Err(Not::NewWords);
        }
        if self.owner.is_none() {
            self.give_to(by);
        }
        *self.state = CareState::Closed;
        *self.closed_at = Some(by.at.to_owned());
        Ok(())
    }

    /// The person answers: someone looks again, also at what was closed.
    ///
    /// # Errors
    /// [`Not`]: withdrawn, said already, or no room for more.
    pub fn answer_back(mut self, id: Uuid, text: String, at: &str) -> Result<(), Not> {
        let mut message = Message::own(id, text, None);
        message.at = Some(at.to_owned());
        self.say(message)?;
        if self.owner.is_some() {
            *self.state = CareState::TakenOn;
        }
        *self.closed_at = None;
        Ok(())
    }

    /// The person takes an answer back: the words are gone, and do not come again under this id, even if
    /// this arrived before they did.
    ///
    /// # Errors
    /// [`Not`]: withdrawn, taken back already, or no room for the mark.
    pub fn take_answer_back(self, id: Uuid) -> Result<(), Not> {
        self.stands()?;
        let mut own = self.messages.iter_mut();
        match own.find(|message| message.id == id && message.from.is_none()) {
            Some(message) if message.text.is_none() => Err(Not::Already),
            Some(message) => {
                message.text = None;
                Ok(())
            }
            None => {
                if self.messages.len() >= 2 * MOST_MESSAGES {
                    return Err(Not::Full);
                }
                self.messages.push(Message {
                    text: None,
                    ..Message::own(id, String::new(), None)
                });
                Ok(())
            }
        }
    }

    /// Someone copied it to the person's record elsewhere; the first time is the one that counts.
    ///
    /// # Errors
    /// [`Not`]: withdrawn, or copied already.
    pub fn copied_to_record(self, by: By) -> Result<(), Not> {
        self.stands()?;
        if self.copied_at.is_some() {
            return Err(Not::Already);
        }
        *self.copied_by = Some(by.name.to_owned());
        *self.copied_at = Some(by.at.to_owned());
        Ok(())
    }

    fn stands(&self) -> Result<(), Not> {
        match *self.state {
            CareState::Withdrawn => Err(Not::Withdrawn),
            _ => Ok(()),
        }
    }

    fn say(&mut self, message: Message) -> Result<(), Not> {
        self.stands()?;
        if self.messages.iter().any(|said| said.id == message.id) {
            return Err(Not::Already);
        }
        if self.messages.len() >= MOST_MESSAGES {
            return Err(Not::Full);
        }
        self.messages.push(message);
        Ok(())
    }

    fn give_to(&mut self, to: By) {
        *self.owner = Some(to.id);
        *self.taken_on_by = Some(to.name.to_owned());
        *self.taken_on_at = Some(to.at.to_owned());
        if *self.state == CareState::Sent {
            *self.state = CareState::TakenOn;
        }
    }
}

/// Whether someone on staff replied.
pub fn is_answered(messages: &[Message]) -> bool {
    messages.iter().any(|message| message.from.is_some())
}

/// Whether the last word is the person's: someone should look again.
pub fn waits_for_reading(messages: &[Message]) -> bool {
    let standing = |message: &&Message| message.rang || message.text.is_some();
    let last = messages.iter().rfind(standing);
    last.is_some_and(|message| message.from.is_none())
}

#[cfg(test)]
mod tests;
