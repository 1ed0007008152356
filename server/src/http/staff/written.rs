//! The fields of a form that more than one person may write at once: short and long texts and ticks, each with what
//! is wrong with it where it stands, and what somebody else wrote meanwhile.

use super::parts;
use app::{
    domain::{
        opportunity::Area,
        plan::{Values, value_of},
        text,
    },
    lang::{Text, area_name, en::programme as words},
};
use maud::{Markup, html};
use sha2::{Digest, Sha256};

/// What was typed in a form, by the names of its fields.
pub struct Form<'a>(pub &'a [(String, String)]);

impl Form<'_> {
    /// What was typed in one field. Browsers send line ends as two characters; one is enough, and then the same
    /// words are the same.
    pub fn value(&self, name: &str) -> String {
        let found = self.0.iter().find(|(field, _)| field == name);
        found
            .map(|(_, value)| value.replace("\r\n", "\n"))
            .unwrap_or_default()
    }
}

/// What a page remembers of what it was opened with: a short mark of each field. When two write at once, it tells
/// who changed what.
pub fn marks(values: &Values) -> String {
    let marks: Vec<String> = values
        .iter()
        .map(|(name, value)| mark(name, value))
        .collect();
    marks.join(" ")
}

/// Whether a field had that value when the page with these marks was opened.
pub fn began_with(marks: &str, name: &str, value: &str) -> bool {
    let mark = mark(name, value);
    marks.split(' ').any(|seen| seen == mark)
}

fn mark(name: &str, value: &str) -> String {
    let digest = Sha256::digest(format!("{name}={value}"));
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A form's fields, with what is to be said beside each.
pub struct Fields<'a> {
    /// What stands in them.
    pub values: Values,
    /// What is there now, and the fields that somebody else changed as well.
    pub theirs: Option<(Values, &'a [&'static str])>,
    /// The names of fields that are to be written first.
    pub missing: Vec<&'static str>,
    /// The names of fields whose words cannot be kept.
    pub misfits: &'a [&'static str],
    /// The names of fields that get more room.
    pub roomy: &'static [&'static str],
}

impl Fields<'_> {
    /// Fields that belong together.
    pub fn group(&self, heading: Text, fields: &Markup) -> Markup {
        html! {
            section.stack.card {
                h2 { (heading.get()) }
                (fields)
            }
        }
    }

    /// A text of one line.
    pub fn short(&self, name: &str, label: Text, hint: Option<Text>) -> Markup {
        let value = value_of(&self.values, name);
        self.field(name, label, hint, |described, invalid| {
            html! {
                input id=(name) name=(name) maxlength=(text::SHORT) autocomplete="off" value=(value)
                    aria-describedby=[described] aria-invalid=[invalid];
            }
        })
    }

    /// A text of many lines.
    pub fn long(&self, name: &str, label: Text, hint: Option<Text>) -> Markup {
        let value = value_of(&self.values, name);
        let low = !self.roomy.contains(&name);
        self.field(name, label, hint, |described, invalid| {
            html! {
                textarea.low[low] id=(name) name=(name) maxlength=(text::LONG) aria-describedby=[described] aria-invalid=[invalid] {
                    // Browsers drop the first line end of a text area.
                    @if value.starts_with('\n') { "\n" }
                    (value)
                }
            }
        })
    }

    /// One of several, by its value and its name.
    pub fn choice(
        &self,
        name: &str,
        label: Text,
        hint: Option<Text>,
        options: &[(String, String)],
    ) -> Markup {
        let value = value_of(&self.values, name);
        let theirs = self.their_value(name);
        let theirs = theirs.and_then(|theirs| options.iter().find(|(value, _)| *value == theirs));
        let hint_id = hint.map(|_| format!("{name}-hint"));
        html! {
            div.field {
                label for=(name) { (label.get()) }
                @if let (Some(hint), Some(id)) = (hint, &hint_id) { p.soft id=(id) { (hint.get()) } }
                select id=(name) name=(name) aria-describedby=[hint_id] {
                    @for (option, called) in options {
                        option value=(option) selected[*option == value] { (called) }
                    }
                }
            }
            @if let Some((_, called)) = theirs { (theirs_are(called)) }
        }
    }

    /// A day, or none.
    pub fn day(&self, name: &str, label: Text, hint: Option<Text>, wrong: Text) -> Markup {
        let value = value_of(&self.values, name);
        let is_wrong = self.misfits.contains(&name);
        let hint_id = hint.map(|_| format!("{name}-hint"));
        let problem_id = is_wrong.then(|| format!("{name}-problem"));
        let described: Vec<String> = hint_id.iter().chain(&problem_id).cloned().collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field {
                label for=(name) { (label.get()) }
                @if let (Some(hint), Some(id)) = (hint, &hint_id) { p.soft id=(id) { (hint.get()) } }
                @if let Some(id) = &problem_id { p.problem id=(id) { (wrong.get()) } }
                input id=(name) name=(name) type="date" value=(value)
                    aria-describedby=[described] aria-invalid=[is_wrong.then_some("true")];
                (self.their_words(name))
            }
        }
    }

    /// The kind of work.
    pub fn area(&self) -> Markup {
        let options =
            Area::ALL.map(|area| (area.word().to_owned(), area_name(area).get().to_owned()));
        self.choice("area", words::FIELD_AREA, None, &options)
    }

    /// Something that is so, or not.
    pub fn tick(&self, name: &str, label: Text) -> Markup {
        let theirs = self.their_value(name);
        html! {
            label.tick {
                input type="checkbox" name=(name) value="yes" checked[!value_of(&self.values, name).is_empty()];
                (label.get())
            }
            @if let Some(theirs) = theirs {
                (theirs_are(if theirs.is_empty() { words::CHANGED_NO } else { words::CHANGED_YES }.get()))
            }
        }
    }

    fn field(
        &self,
        name: &str,
        label: Text,
        hint: Option<Text>,
        control: impl Fn(Option<String>, Option<&'static str>) -> Markup,
    ) -> Markup {
        let problem = self.problem(name);
        let hint_id = hint.map(|_| format!("{name}-hint"));
        let problem_id = problem.map(|_| format!("{name}-problem"));
        let described: Vec<String> = hint_id
            .clone()
            .into_iter()
            .chain(problem_id.clone())
            .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field {
                label for=(name) { (label.get()) }
                @if let (Some(hint), Some(id)) = (hint, &hint_id) { p.soft id=(id) { (hint.get()) } }
                @if let (Some(problem), Some(id)) = (problem, &problem_id) { p.problem id=(id) { (problem.get()) } }
                (control(described, problem.map(|_| "true")))
                (self.their_words(name))
            }
        }
    }

    fn problem(&self, name: &str) -> Option<Text> {
        if self.misfits.contains(&name) {
            return Some(words::PROBLEM_LONG);
        }
        let missing = self.missing.contains(&name);
        missing.then_some(words::PROBLEM_MISSING)
    }

    /// What somebody else wrote in a field that both changed.
    fn their_value(&self, name: &str) -> Option<String> {
        let (theirs, both) = self.theirs.as_ref()?;
        both.contains(&name).then(|| value_of(theirs, name))
    }

    fn their_words(&self, name: &str) -> Markup {
        let theirs = self.their_value(name);
        html! {
            @if let Some(theirs) = theirs {
                (theirs_are(if theirs.is_empty() { words::CHANGED_EMPTY.get() } else { &theirs }))
            }
        }
    }
}

fn theirs_are(words: &str) -> Markup {
    html! {
        div.theirs {
            p.soft { (words::CHANGED_THEIRS.get()) }
            p { (parts::said(words)) }
        }
    }
}
