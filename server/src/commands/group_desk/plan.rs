//! What staff write about a group, as a form has it, and what members see of it.

use app::domain::{
    group::{Group, GroupPart, GroupState},
    opportunity::{Agreement, Area},
    plan::{Values, value_of},
    text,
};

/// What is written about a group. Empty means not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPlan {
    /// The kind of work.
    pub area: Area,
    /// Its name.
    pub title: String,
    /// What it does.
    pub does: String,
    /// Who it is for.
    pub who_for: String,
    /// When it meets.
    pub meets: String,
    /// Who leads it, in words.
    pub led_by: String,
    /// How people treat each other.
    pub agreement: String,
    /// What came of its work.
    pub came_of_it: String,
}

impl GroupPlan {
    /// From the values of its fields by their names.
    pub fn read(value: impl Fn(&str) -> String) -> Self {
        Self {
            area: Area::of_word(&value("area")).unwrap_or(Area::Other),
            title: value("title"),
            does: value("does"),
            who_for: value("who_for"),
            meets: value("meets"),
            led_by: value("led_by"),
            agreement: value("agreement"),
            came_of_it: value("came_of_it"),
        }
    }

    /// From values that were put together.
    pub fn of_values(values: &Values) -> Self {
        Self::read(|name| value_of(values, name))
    }

    /// The values of all its fields by their names.
    pub fn values(&self) -> Values {
        let texts = self.texts().into_iter();
        let texts = texts.map(|(name, words, _)| (name, words.to_owned()));
        let area = ("area", self.area.word().to_owned());
        std::iter::once(area).chain(texts).collect()
    }

    /// What is written about a group, so that it can be changed.
    pub fn of(it: &Group) -> Self {
        let words = |words: &Option<String>| words.clone().unwrap_or_default();
        Self {
            area: it.area,
            title: it.title.clone(),
            does: it.does.clone(),
            who_for: words(&it.who_for),
            meets: words(&it.meets),
            led_by: words(&it.led_by),
            agreement: it.agreement.text.clone(),
            came_of_it: words(&it.came_of_it),
        }
    }

    /// Its texts: each with its name, and the most characters that it may have.
    pub fn texts(&self) -> [(&'static str, &str, usize); 7] {
        let (short, long) = (text::SHORT, text::LONG);
        [
            ("title", &self.title, short),
            ("does", &self.does, long),
            ("who_for", &self.who_for, long),
            ("meets", &self.meets, long),
            ("led_by", &self.led_by, short),
            ("agreement", &self.agreement, long),
            ("came_of_it", &self.came_of_it, long),
        ]
    }

    /// The names of texts that are too long, or have characters that cannot be kept.
    pub fn misfits(&self) -> Vec<&'static str> {
        let texts = self.texts().into_iter();
        let wrong = texts.filter(|(_, words, most)| !text::fits(Some(words), *most));
        wrong.map(|(name, ..)| name).collect()
    }

    /// Which parts are still to be written before members may see it.
    pub fn missing(&self) -> Vec<GroupPart> {
        let needed = [
            (GroupPart::Title, &self.title),
            (GroupPart::Does, &self.does),
            (GroupPart::LedBy, &self.led_by),
            (GroupPart::Agreement, &self.agreement),
        ];
        let empty = needed.into_iter();
        let empty = empty.filter(|(_, words)| words.trim().is_empty());
        empty.map(|(part, _)| part).collect()
    }

    /// The group with these words in place of what `was` written. A text that was never shown has version 0.
    pub fn shown(&self, was: &Group) -> Group {
        let words = |words: &str| text::tidy(Some(words.to_owned()));
        let always = |words: &str| words.trim().to_owned();
        let never_shown = Agreement {
            version: 0,
            text: always(&self.agreement),
        };
        let agreement = match was.state {
            GroupState::Draft => never_shown,
            _ => Agreement::after(Some(&was.agreement), &self.agreement).unwrap_or(never_shown),
        };
        Group {
            area: self.area,
            title: always(&self.title),
            does: always(&self.does),
            who_for: words(&self.who_for),
            meets: words(&self.meets),
            led_by: words(&self.led_by),
            backup: was.backup.clone(),
            came_of_it: words(&self.came_of_it),
            agreement,
            state: was.state,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> GroupPlan {
        GroupPlan::read(|name| match name {
            "area" => "wording".to_owned(),
            "who_for" | "meets" | "came_of_it" => String::new(),
            name => format!("The {name}"),
        })
    }

    fn draft() -> Group {
        whole().shown(&Group {
            area: Area::Other,
            title: String::new(),
            does: String::new(),
            who_for: None,
            meets: None,
            led_by: None,
            backup: Some("Priya".to_owned()),
            came_of_it: None,
            agreement: Agreement {
                version: 0,
                text: String::new(),
            },
            state: GroupState::Draft,
        })
    }

    #[test]
    fn what_is_written_can_be_changed_and_is_the_same_again() {
        let group = draft();
        assert_eq!(GroupPlan::of(&group), whole());
        assert_eq!(GroupPlan::of_values(&whole().values()), whole());
        assert_eq!(group.backup.as_deref(), Some("Priya"));
        assert_eq!(whole().missing(), []);
    }

    #[test]
    fn an_agreement_that_people_saw_has_a_new_version_when_its_words_change() {
        let mut group = draft();
        assert_eq!(group.agreement.version, 0);
        group.state = GroupState::Open;
        group.agreement.version = 3;
        assert_eq!(whole().shown(&group).agreement.version, 3);
        let kinder = GroupPlan {
            agreement: "Kinder".into(),
            ..whole()
        };
        assert_eq!(kinder.shown(&group).agreement.version, 4);
    }

    #[test]
    fn what_must_be_said_is_asked_for_by_name() {
        let empty = GroupPlan::read(|_| " ".to_owned());
        let asked: Vec<_> = empty.missing().into_iter().map(GroupPart::word).collect();
        assert_eq!(asked, ["title", "does", "led_by", "agreement"]);
        let long = GroupPlan {
            title: "x".repeat(text::SHORT + 1),
            ..whole()
        };
        assert_eq!(long.misfits(), ["title"]);
    }
}
