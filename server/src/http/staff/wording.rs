//! Words for a member, as staff write them: typed, seen first exactly as the member will see them, then
//! sent or changed. Nothing is sent that was not seen.

use crate::error::Error;
use app::{domain::text, lang::en::desk as words};
use maud::{Markup, html};
use serde::Deserialize;

/// How far the writer of the message has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// See it as the member will.
    #[default]
    Preview,
    /// Change the words.
    Edit,
    /// Seen, and send it.
    Previewed,
    /// Send it if there are no words to see first.
    Send,
}

/// What was typed.
#[derive(Deserialize)]
pub struct Typed {
    /// The words.
    #[serde(default)]
    pub message: String,
    /// What is to be done with them.
    #[serde(default)]
    pub step: Step,
    /// The form's own id, where pressing twice must say it once.
    #[serde(default)]
    pub id: String,
}

impl Typed {
    /// The words, tidied; none if there are none.
    ///
    /// # Errors
    /// They are too long.
    pub fn message(&self) -> Result<Option<String>, Error> {
        let message = text::tidy(Some(self.message.clone()));
        if text::fits(message.as_deref(), text::LONG) {
            Ok(message)
        } else {
            Err(Error::TooLarge)
        }
    }
}

/// The form for the words, sent to `action`. `unseen` goes with it.
pub fn form(action: &str, they: &str, hint: &Markup, message: &str, unseen: &Markup) -> Markup {
    let gaps = [("who", they)];
    html! {
        form.stack.card method="post" action=(action) {
            (unseen)
            div.field {
                label for="words" { (words::WORDS_FOR.fill(&gaps)) }
                p.soft id="words-hint" { (words::WORDS_HINT.fill(&gaps)) " " (hint) }
                textarea id="words" name="message" required maxlength=(text::LONG) aria-describedby="words-hint" {
                    (message)
                }
            }
            button name="step" value="preview" { (words::SEE_FIRST.fill(&gaps)) }
        }
    }
}

/// After they were seen: send them, or change them.
pub fn send_or_change(action: &str, message: &str, send: &str, unseen: &Markup) -> Markup {
    html! {
        div.actions {
            form method="post" action=(action) {
                (unseen)
                input type="hidden" name="message" value=(message);
                button name="step" value="previewed" { (send) }
            }
            form method="post" action=(action) {
                (unseen)
                input type="hidden" name="message" value=(message);
                button.plain name="step" value="edit" { (words::CHANGE_WORDS.get()) }
            }
        }
    }
}
