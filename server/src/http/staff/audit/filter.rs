//! Which lines of the log are asked for: the form, the address, and the same in words.

use super::line::{kind_said, said};
use crate::{
    db::desk::audit::{self, After, Filter},
    error::Error,
    http::staff::{desk::Desk, parts, when::say_date},
};
use app::{
    lang::{
        Text,
        en::{audit as words, desk as desk_words},
    },
    ui::local::Millis,
};
use maud::{Markup, html};
use serde::Deserialize;
use sqlx::AnyPool;
use std::borrow::Cow;
use uuid::Uuid;

/// What was asked for, as it was typed or chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Who did it.
    pub who: String,
    /// What was done.
    pub did: String,
    /// What kind of thing it is about.
    pub kind: String,
    /// The thing's id, or a member's.
    pub about: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// The page goes on behind this line.
    pub before: String,
}

impl Asked {
    /// The same for the database; a day that is none leaves nothing out.
    pub fn filter(&self, desk: &Desk) -> Filter {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let day = |text: &str| desk.clock.day(text.trim());
        let part =
            |day: Option<(Millis, Millis)>, part: fn((Millis, Millis)) -> Millis| day.map(part);
        Filter {
            staff: some(&self.who),
            action: some(&self.did),
            kind: some(&self.kind),
            about: some(&self.about),
            from: part(day(&self.from), |day| day.0),
            until: part(day(&self.until), |day| day.1),
            but: None,
        }
    }

    /// Where the page goes on; none for the newest lines.
    pub fn after(&self) -> Option<After> {
        let (at, id) = self.before.split_once('.')?;
        Some(After {
            at: at.parse().ok()?,
            id: id.to_owned(),
        })
    }

    /// Every field but the place.
    pub fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("who", &self.who),
            ("did", &self.did),
            ("kind", &self.kind),
            ("about", &self.about),
            ("from", &self.from),
            ("until", &self.until),
        ]
    }

    /// Whether anything is left out.
    pub fn is_filtered(&self) -> bool {
        self.fields()
            .iter()
            .any(|(_, value)| !value.trim().is_empty())
    }

    /// Whether a day was typed that is none.
    pub fn has_wrong_day(&self, desk: &Desk) -> bool {
        let is_wrong =
            |day: &String| !day.trim().is_empty() && desk.clock.day(day.trim()).is_none();
        [&self.from, &self.until].into_iter().any(is_wrong)
    }

    /// The address of the same lines, from another place.
    pub fn href(&self, after: Option<&After>) -> String {
        let before = after.map(|after| format!("{}.{}", after.at, after.id));
        let before = ("before", before.as_deref().unwrap_or_default());
        let fields = self.fields().into_iter().chain([before]);
        let fields = fields.filter(|(_, value)| !value.is_empty());
        let fields = fields.map(|(name, value)| format!("{name}={}", parts::escaped(value)));
        let query = fields.collect::<Vec<_>>().join("&");
        if query.is_empty() {
            "/staff/audit".to_owned()
        } else {
            format!("/staff/audit?{query}")
        }
    }
}

/// What can be asked for.
pub struct Choices {
    /// Everyone who ever worked here: id and name.
    pub people: Vec<(String, String)>,
    /// What was ever done.
    pub actions: Vec<String>,
    /// What kinds of things it was done with.
    pub kinds: Vec<String>,
    /// If the lines about a member are asked for: what they want to be called.
    pub member: Option<Option<String>>,
}

impl Choices {
    /// Reads what can be asked for.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(db: &AnyPool, asked: &Asked) -> Result<Self, Error> {
        Ok(Self {
            people: audit::people(db).await?,
            actions: audit::actions(db).await?,
            kinds: audit::kinds(db).await?,
            member: audit::member(db, asked.about.trim()).await?,
        })
    }

    /// What is asked for, in sentences; empty for all.
    pub fn summary(&self, asked: &Asked) -> String {
        let nobody = Uuid::nil().to_string();
        let who = (!asked.who.is_empty()).then(|| {
            let found = self.people.iter().find(|(id, _)| *id == asked.who);
            let name = found.map(|(_, name)| name.as_str());
            let none = (asked.who == nobody).then(|| words::NOBODY_HERE.get());
            name.or(none).unwrap_or(&asked.who).to_owned()
        });
        let did = (!asked.did.is_empty()).then(|| said(&asked.did).to_owned());
        let kind = (!asked.kind.is_empty()).then(|| kind_said(&asked.kind).to_owned());
        let about = (!asked.about.trim().is_empty()).then(|| {
            let about = match &self.member {
                Some(name) => Cow::from(parts::who(name.as_deref()).to_owned()),
                None => Cow::from(asked.about.trim()),
            };
            words::ABOUT_ONE.fill(&[("what", &about)])
        });
        let day = |text: Text, day: &str| {
            (!day.is_empty()).then(|| text.fill(&[("day", &say_date(day))]))
        };
        let days = [
            day(words::FROM_DAY, &asked.from),
            day(words::UNTIL_DAY, &asked.until),
        ];
        let all = [who, did, kind, about].into_iter().chain(days).flatten();
        all.map(|part| part + ".").collect::<Vec<_>>().join(" ")
    }
}

/// The form. It is sent by GET: each filter has an address.
pub fn form(asked: &Asked, choices: &Choices) -> Markup {
    let nobody = Uuid::nil().to_string();
    html! {
        form.filters.card method="get" action="/staff/audit" role="search" {
            (select("who", desk_words::COLUMN_WHO, &asked.who, words::ANYONE,
                choices.people.iter().map(|(id, name)| (id.as_str(), name.as_str()))
                    .chain([(nobody.as_str(), words::NOBODY_HERE.get())])))
            (select("did", words::COLUMN_DID, &asked.did, words::ANYTHING,
                choices.actions.iter().map(|action| (action.as_str(), said(action)))))
            (select("kind", words::KIND, &asked.kind, words::ANY_KIND,
                choices.kinds.iter().map(|kind| (kind.as_str(), kind_said(kind)))))
            (day("from", words::FROM, &asked.from))
            (day("until", words::UNTIL, &asked.until))
            div.field {
                label for="about" { (words::NUMBER.get()) }
                input id="about" name="about" autocomplete="off" maxlength="64" value=(asked.about);
            }
            button { (desk_words::FILTER_DO.get()) }
        }
    }
}

fn select<'a>(
    name: &str,
    label: Text,
    chosen: &str,
    all: Text,
    options: impl Iterator<Item = (&'a str, &'a str)>,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label.get()) }
            select id=(name) name=(name) {
                option value="" { (all.get()) }
                @for (value, says) in options {
                    option value=(value) selected[value == chosen] { (says) }
                }
            }
        }
    }
}

fn day(name: &str, label: Text, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label.get()) }
            input id=(name) name=(name) type="date" value=(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_only_what_is_asked_for_escaped() {
        assert_eq!(Asked::default().href(None), "/staff/audit");
        let asked = Asked {
            did: "check_in.read".into(),
            about: "a&b=c".into(),
            ..Asked::default()
        };
        let after = After {
            at: 7,
            id: "x-y".into(),
        };
        assert_eq!(
            asked.href(Some(&after)),
            "/staff/audit?did=check%5Fin%2Eread&about=a%26b%3Dc&before=7%2Ex%2Dy"
        );
    }

    #[test]
    fn what_is_asked_for_is_said_in_sentences() {
        let choices = Choices {
            people: vec![("p".into(), "Priya".into())],
            actions: Vec::new(),
            kinds: Vec::new(),
            member: Some(Some("Femi".into())),
        };
        assert_eq!(choices.summary(&Asked::default()), "");
        let asked = Asked {
            who: "p".into(),
            did: "check_in.read".into(),
            about: "some id".into(),
            from: "2026-11-01".into(),
            ..Asked::default()
        };
        assert_eq!(
            choices.summary(&asked),
            "Priya. Read a check-in. About Femi. From 1 November 2026."
        );
    }
}
