//! The form of a safety record: what was typed, what is wrong with it, and how it is drawn again with
//! every word still in it.

use crate::db::safety::records::Written;
use app::{
    domain::text,
    lang::{Text, en::safety as words},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// The id of the entry that it becomes, made with the form.
    entry: String,
    worry: String,
    told: String,
    told_at: String,
    decided: String,
    decided_by: String,
}

/// The words around the form of a first entry and of a further one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Begins a record.
    First,
    /// Adds to one.
    Further,
}

impl Kind {
    fn worry(self) -> Text {
        match self {
            Self::First => words::WORRY,
            Self::Further => words::ADD_WORRY,
        }
    }

    fn missing(self) -> Text {
        match self {
            Self::First => words::WORRY_MISSING,
            Self::Further => words::ADD_MISSING,
        }
    }

    fn keep(self) -> Text {
        match self {
            Self::First => words::KEEP,
            Self::Further => words::ADD_KEEP,
        }
    }
}

impl Typed {
    /// The entry's id: sending the same form twice keeps it once.
    pub fn id(&self) -> Uuid {
        self.entry.parse().unwrap_or_else(|_| Uuid::now_v7())
    }

    /// What it says, tidied.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn written(&self, kind: Kind) -> Result<Written, String> {
        let long = [&self.worry, &self.told, &self.decided];
        let short = [&self.told_at, &self.decided_by];
        let fits = long.iter().all(|text| text::fits(Some(text), text::LONG))
            && short.iter().all(|text| text::fits(Some(text), text::SHORT));
        if !fits {
            let most = text::LONG.to_string();
            return Err(words::TOO_LONG.fill(&[("most", &most)]));
        }
        let tidy = |text: &String| text::tidy(Some(text.clone()));
        Ok(Written {
            worry: tidy(&self.worry).ok_or_else(|| kind.missing().get().to_owned())?,
            told: tidy(&self.told),
            told_at: tidy(&self.told_at),
            decided: tidy(&self.decided),
            decided_by: tidy(&self.decided_by),
        })
    }

    /// The form with all of it; what stands in the way is said above.
    pub fn draw(&self, kind: Kind, action: &str, problem: Option<&str>) -> Markup {
        html! {
            @if let Some(problem) = problem {
                p.problem role="alert" { (problem) }
            }
            form.stack method="post" action=(action) {
                input type="hidden" name="entry" value=(self.id());
                (area("worry", kind.worry(), (kind == Kind::First).then_some(words::WORRY_HINT), &self.worry))
                (area("told", words::TOLD, Some(words::TOLD_HINT), &self.told))
                (line("told_at", words::TOLD_AT, "datetime-local", &self.told_at))
                (area("decided", words::DECIDED, Some(words::DECIDED_HINT), &self.decided))
                (line("decided_by", words::DECIDED_BY, "text", &self.decided_by))
                button { (kind.keep().get()) }
            }
        }
    }
}

fn area(name: &str, label: Text, hint: Option<Text>, value: &str) -> Markup {
    let hint_id = format!("{name}-hint");
    html! {
        div.field {
            label for=(name) { (label.get()) }
            @if let Some(hint) = hint { p.soft id=(hint_id) { (hint.get()) } }
            // A browser takes the first line end after the tag away.
            textarea id=(name) name=(name) aria-describedby=[hint.map(|_| &hint_id)] { "\n" (value) }
        }
    }
}

fn line(name: &str, label: Text, kind: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label.get()) }
            input id=(name) name=(name) type=(kind) maxlength=[(kind == "text").then_some(text::SHORT)] value=(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(worry: &str) -> Typed {
        Typed {
            worry: worry.to_owned(),
            told: " The lead ".to_owned(),
            ..Typed::default()
        }
    }

    #[test]
    fn only_the_worry_is_needed() {
        let written = typed("Something").written(Kind::First).unwrap();
        assert_eq!(written.worry, "Something");
        assert_eq!(written.told.as_deref(), Some("The lead"));
        assert_eq!(written.decided, None);
        let missing = typed(" \n").written(Kind::First).unwrap_err();
        assert_eq!(missing, words::WORRY_MISSING.get());
    }

    #[test]
    fn whatever_is_wrong_the_page_holds_every_word() {
        let mut long = typed(&"x".repeat(text::LONG + 1));
        long.decided_by = "Amina <b>".to_owned();
        let problem = long.written(Kind::First).unwrap_err();
        let page = long.draw(Kind::First, "/staff/safety/new", Some(&problem));
        let page = page.into_string();
        assert!(page.contains(&long.worry) && page.contains(" The lead "));
        assert!(page.contains("Amina &lt;b&gt;"));
    }

    #[test]
    fn the_same_form_is_the_same_entry() {
        let form = Typed {
            entry: Uuid::from_u128(5).to_string(),
            ..typed("Something")
        };
        assert_eq!(form.id(), Uuid::from_u128(5));
        assert_ne!(typed("Something").id(), typed("Something").id());
    }
}
